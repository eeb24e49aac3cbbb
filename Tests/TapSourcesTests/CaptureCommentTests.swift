import TapCore
import TapSources
import TapTestSupport
import Testing

@Suite("Comments in a capture")
struct CaptureCommentTests {
    /// Comments as options, and another option between them.
    static func options(_ texts: [String], _ order: CaptureBuilder.Order) -> [UInt8] {
        var options = CaptureBuilder(order)
        for text in texts {
            for (code, value) in [(UInt16(2), Array("else".utf8)), (1, Array(text.utf8))] {
                options.append(code)
                options.append(UInt16(value.count))
                options.append(value + [UInt8](repeating: 0, count: -value.count & 3))
            }
        }
        options.append(UInt32(0))
        return options.bytes
    }

    private static func annotated(_ order: CaptureBuilder.Order = .little, second: UInt64 = 1) -> [UInt8] {
        var file = CaptureBuilder(order)
        file.section(order, options: options(["on all"], order))
        file.block(1) {
            $0.append(UInt16(1))
            $0.append(UInt16(0))
            $0.append(UInt32(0))
            $0.append(options(["on eth0"], order))
        }
        file.enhancedPacket(
            ticks: second * 1_000_000, options: options(["one", "another"], order),
            as: PacketRecord(0, [1, 2, 3]))
        file.enhancedPacket(ticks: second * 1_000_000 + 1, as: PacketRecord(0, [4]))
        file.enhancedPacket(
            ticks: second * 1_000_000 + 2, options: options(["three"], order), as: PacketRecord(0, [1, 2, 3, 4]))
        file.block(5) {
            $0.append([UInt8](repeating: 0, count: 12))
            $0.append(options(["at the end"], order))
        }
        return file.bytes
    }

    private static func comments(_ files: [[UInt8]]) throws -> [[String]] {
        let files = try files.map { try TemporaryFile($0) }
        var capture = CaptureFiles(paths: files.map(\.path))
        var found: [[String]] = []
        while capture.next() != nil { found.append(capture.comments.map(\.shown)) }
        found.append(capture.comments.map(\.shown))
        #expect(capture.errors.isEmpty)
        return found
    }

    @Test(
        "come with the packet that they are written on, or before which they stand",
        arguments: CaptureBuilder.Order.allCases)
    func places(order: CaptureBuilder.Order) throws {
        #expect(
            try Self.comments([Self.annotated(order)]) == [
                ["section: on all", "interface: on eth0", "packet 1: one", "packet 1: another"], [],
                ["packet 3: three"], ["statistics: at the end"],
            ])
    }

    @Test("have the numbers of the merged packets")
    func merged() throws {
        let found = try Self.comments([Self.annotated(second: 5), Self.annotated(second: 1)]).flatMap(\.self)
        #expect(
            found.filter { $0.hasPrefix("packet") } == [
                "packet 1: one", "packet 1: another", "packet 3: three", "packet 4: one", "packet 4: another",
                "packet 6: three",
            ])
        #expect(found.count { $0 == "statistics: at the end" } == 2)
    }

    @Test("are bounded in number")
    func flood() throws {
        var file = CaptureBuilder.pcapng()
        for _ in 0..<1_000 { file.section(.little, options: Self.options(["again"], .little)) }
        file.interface()
        file.enhancedPacket(
            ticks: 1, options: Self.options(Array(repeating: "x", count: 5_000), .little), as: PacketRecord(0, []))
        #expect(try Self.comments([file.bytes]).map(\.count) == [64, 0])
    }
}

extension CaptureComment {
    var shown: String {
        let text = String(decoding: text, as: UTF8.self)
        return switch subject {
        case .section: "section: \(text)"
        case .interface: "interface: \(text)"
        case .statistics: "statistics: \(text)"
        case .packet(let number, _): "packet \(number.rawValue): \(text)"
        }
    }
}
