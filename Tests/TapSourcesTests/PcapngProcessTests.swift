import TapCore
import TapSources
import TapTestSupport
import Testing

/// Blocks and options of Apple's tcpdump.
@Suite("Processes in a pcapng file")
struct PcapngProcessTests {
    private static func option(_ code: UInt16, _ value: [UInt8], _ order: CaptureBuilder.Order) -> [UInt8] {
        var option = CaptureBuilder(order)
        option.append(code)
        option.append(UInt16(value.count))
        option.append(value + [UInt8](repeating: 0, count: -value.count & 3))
        return option.bytes
    }

    /// Options of a packet that name processes by their place.
    private static func naming(_ places: [(UInt16, UInt32)], _ order: CaptureBuilder.Order = .little) -> [UInt8] {
        places.flatMap { code, place in
            var number = CaptureBuilder(order)
            number.append(place)
            return option(code, number.bytes, order)
        } + [0, 0, 0, 0]
    }

    private static func add(
        _ name: String?, _ identifier: UInt32, to file: inout CaptureBuilder, _ order: CaptureBuilder.Order = .little
    ) {
        file.block(0x8000_0001) {
            $0.append(identifier)
            if let name { $0.append(option(2, Array(name.utf8) + [0], order)) }
            $0.append(option(4, [UInt8](repeating: 0xAB, count: 16), order) + [0, 0, 0, 0])
        }
    }

    /// Five packets: of the second process, of the first on behalf of the second, of one that is not there, of one without
    /// a name, and of nobody.
    private static func capture(_ order: CaptureBuilder.Order, start: UInt64 = 0) -> CaptureBuilder {
        var file = CaptureBuilder.pcapng(order)
        file.interface()
        add("trustd", 101, to: &file, order)
        add("Safari", 502, to: &file, order)
        add(nil, 7, to: &file, order)
        let named: [[(UInt16, UInt32)]] = [[(0x8001, 1)], [(0x8003, 1), (0x8001, 0)], [(0x8001, 3)], [(0x8001, 2)]]
        for (tick, places) in named.enumerated() {
            file.enhancedPacket(
                ticks: start + UInt64(tick), options: naming(places, order), as: PacketRecord(0, [1, 2, 3]))
        }
        file.enhancedPacket(ticks: start + 4, as: PacketRecord(0, [4]))
        return file
    }

    private static let expected = ["Safari 502", "Safari 502", nil, nil, nil]

    /// - Parameter warning: a part of what must be said of the files; `nil` where nothing must.
    private static func processes(
        _ files: [[UInt8]], batchSize: Int? = nil, warning: String? = nil
    ) throws -> [String?] {
        let files = try files.map { try TemporaryFile($0) }
        var capture = CaptureFiles(paths: files.map(\.path), batchSize: batchSize)
        var found: [String?] = []
        while capture.next() != nil { found.append(capture.process.map { "\($0.name) \($0.identifier)" }) }
        #expect(capture.process == nil && capture.errors.isEmpty)
        #expect(capture.warnings.count == (warning == nil ? 0 : 1))
        if let warning { #expect(capture.warnings.first?.description.contains(warning) == true) }
        return found
    }

    @Test("are those that the packets name", arguments: CaptureBuilder.Order.allCases)
    func named(order: CaptureBuilder.Order) throws {
        #expect(try Self.processes([Self.capture(order).bytes]) == Self.expected)
    }

    @Test("count anew in each section, and keep to their file where several are merged")
    func sections() throws {
        var file = Self.capture(.little)
        file.section(.big)
        file.interface()
        file.enhancedPacket(ticks: 5, options: Self.naming([(0x8001, 1)], .big), as: PacketRecord(0, [5]))
        Self.add("curl", 9, to: &file, .big)
        file.enhancedPacket(ticks: 6, options: Self.naming([(0x8001, 0)], .big), as: PacketRecord(0, [6]))
        #expect(try Self.processes([file.bytes]) == Self.expected + [nil, "curl 9"])
        var other = CaptureBuilder.pcapng()
        other.interface()
        other.enhancedPacket(ticks: 1, options: Self.naming([(0x8001, 1)]), as: PacketRecord(0, [7]))
        let merged = try Self.processes([Self.capture(.little).bytes, other.bytes])
        #expect(merged == ["Safari 502", "Safari 502", nil, nil, nil, nil])
    }

    @Test("are the same wherever the file is cut, and whatever is read at a time")
    func cut() throws {
        let whole = Self.capture(.little)
        let file = try TemporaryFile()
        for count in 0...whole.bytes.count {
            try file.replace(Array(whole.bytes[..<count]))
            var found: [String?] = []
            do throws(CaptureError) {
                var capture = try CaptureFile(path: file.path, bufferSize: 1 + count % 64)
                while try capture.next() != nil { found.append(capture.process.map { "\($0.name) \($0.identifier)" }) }
            } catch {
                #expect(count < whole.bytes.count)
            }
            #expect(found == Array(Self.expected.prefix(found.count)))
        }
    }

    @Test("of others that use the same numbers nothing is said, and nothing of it is damage")
    func others() throws {
        var file = CaptureBuilder.pcapng()
        file.interface()
        file.block(0x8000_0001) { _ in }
        file.block(0x8000_0001) { $0.append([1, 0, 0, 0, 2, 0, 0xFF, 0xFF]) }
        for options in [Self.naming([(0x8001, 0), (0x8003, 1)]), Self.option(0x8001, [1, 2], .little)] {
            file.enhancedPacket(ticks: 1, options: options, as: PacketRecord(0, [1]))
        }
        let temporary = try TemporaryFile(file.bytes)
        var capture = CaptureFiles(paths: [temporary.path])
        var count = 0
        while capture.next() != nil {
            #expect(capture.process == nil)
            count += 1
        }
        #expect(count == 2 && capture.errors.isEmpty && capture.warnings.isEmpty)
    }

    @Test("are bounded in number and in length")
    func bounded() throws {
        var file = CaptureBuilder.pcapng()
        file.interface()
        Self.add(String(repeating: "n", count: 60_000), 1, to: &file)
        for number in 1...CaptureLimits.processes { Self.add("p", UInt32(number), to: &file) }
        for place in [0, CaptureLimits.processes - 1, CaptureLimits.processes] {
            file.enhancedPacket(ticks: 1, options: Self.naming([(0x8001, UInt32(place))]), as: PacketRecord(0, []))
        }
        let name = String(repeating: "n", count: CapturedProcess.longestName)
        let found = try Self.processes([file.bytes], warning: "1 process is beyond the first 65536 of a section")
        #expect(found == ["\(name) 1", "p \(CaptureLimits.processes - 1)", nil])
    }

    @Test("come with their packets where a thread reads ahead")
    func ahead() throws {
        var file = CaptureBuilder.pcapng()
        file.interface()
        Self.add("curl", 9, to: &file)
        for number in 0..<3_000 {
            let options = number % 7 == 0 ? Self.naming([(0x8001, 0)]) : []
            let record = PacketRecord(0, [UInt8](repeating: 1, count: 600))
            file.enhancedPacket(ticks: UInt64(number), options: options, as: record)
        }
        let expected = (0..<3_000).map { $0 % 7 == 0 ? "curl 9" : nil }
        #expect(try Self.processes([file.bytes], batchSize: 65_536) == expected)
        #expect(try Self.processes([file.bytes]) == expected)
    }
}
