import TapCore
import TapSources
import TapTestSupport
import Testing

/// Name resolution blocks of pcapng.
@Suite("Names in capture files")
struct CaptureNamesTests {
    private static let address: [UInt8] = [192, 0, 2, 1]
    private static let longAddress: [UInt8] = [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]

    private static func record(_ kind: UInt16, _ value: [UInt8], _ order: CaptureBuilder.Order) -> [UInt8] {
        var record = CaptureBuilder(order)
        record.append(kind)
        record.append(UInt16(value.count))
        record.append(value + [UInt8](repeating: 0, count: -value.count & 3))
        return record.bytes
    }

    /// A record with names that end with zeros.
    private static func record(_ names: [String], _ order: CaptureBuilder.Order = .little) -> [UInt8] {
        record(1, address + names.flatMap { Array($0.utf8) + [0] }, order)
    }

    private static func capture(
        _ order: CaptureBuilder.Order = .little, before: [[UInt8]] = [], between: [[UInt8]] = [], after: [[UInt8]] = []
    ) -> CaptureBuilder {
        var file = CaptureBuilder.pcapng(order)
        file.interface()
        for block in before { file.block(4) { $0.append(block) } }
        file.enhancedPacket(ticks: 1, as: PacketRecord(1_000, [1]))
        for block in between { file.block(4) { $0.append(block) } }
        file.enhancedPacket(ticks: 2, as: PacketRecord(2_000, [2]))
        for block in after { file.block(4) { $0.append(block) } }
        return file
    }

    private static func read(_ files: [[UInt8]]) throws -> CaptureNames {
        let files = try files.map { try TemporaryFile($0) }
        return CaptureNames(paths: files.map(\.path))
    }

    private static func names(_ found: CaptureNames, _ bytes: [UInt8] = address) -> [String] {
        IPAddress(bytes: bytes).map { found.names[$0] } ?? []
    }

    @Test("are those of all records, in all blocks, wherever they stand", arguments: CaptureBuilder.Order.allCases)
    func all(order: CaptureBuilder.Order) throws {
        let long = Self.record(2, Self.longAddress + Array("six.test".utf8) + [0], order)
        let card = Self.record(3, [1, 2, 3, 4, 5, 6] + Array("card".utf8) + [0], order)
        let capture = Self.capture(
            order, before: [Self.record(["a.test", "b.test"], order) + card + long + [0, 0, 0, 0]],
            between: [Self.record(["b.test", "c.test"], order)],
            after: [Self.record(["", "d.test"], order) + [0, 0, 0, 0] + [9, 9, 9, 9]])
        let found = try Self.read([capture.bytes])
        #expect(Self.names(found) == ["a.test", "b.test", "c.test", "d.test"])
        #expect(Self.names(found, Self.longAddress) == ["six.test"])
        #expect(Self.names(found, [192, 0, 2, 2]) == [] && found.warnings.isEmpty)
    }

    @Test("of several files come in their order, and of a file of another format there are none")
    func several() throws {
        let files = [
            Self.capture(after: [Self.record(["late.test"])]).bytes, CaptureBuilder.pcap().bytes,
            Self.capture(before: [Self.record(["early.test"])]).bytes,
        ]
        let found = try Self.read(files)
        #expect(Self.names(found) == ["late.test", "early.test"] && found.warnings.isEmpty)
    }

    @Test("those of a file that is cut off are those before the cut, and packets are the same with names and without")
    func cut() throws {
        let whole = Self.capture(
            before: [Self.record(["a.test"])], between: [Self.record(["b.test"])], after: [Self.record(["c.test"])])
        let file = try TemporaryFile()
        for count in 0...whole.bytes.count {
            try file.replace(Array(whole.bytes[..<count]))
            let found = CaptureNames(paths: [file.path])
            let blocks = whole.recordEnds.count { $0 <= count }
            let expected = [2: 0, 3: 1, 4: 1, 5: 2, 6: 2, 7: 3][blocks] ?? 0
            #expect(Self.names(found) == Array(["a.test", "b.test", "c.test"].prefix(expected)))
            #expect(found.warnings.isEmpty)
            #expect(ReadCapture(path: file.path).packets == Array(whole.packets.prefix(whole.packetsBefore(count))))
        }
    }

    @Test("a record that does not fit is told, and what stands before it is taken", arguments: [0, 1])
    func broken(kind: Int) throws {
        let broken = kind == 0 ? [1, 0, 200, 0, 192, 0, 2, 1] : Self.record(1, [192, 0], .little)
        let found = try Self.read([Self.capture(before: [Self.record(["a.test"]) + broken]).bytes])
        #expect(Self.names(found) == ["a.test"])
        let warning = found.warnings.map(\.description).first
        #expect(warning?.contains("damaged at byte 48: 1 block has a record of names") == true)
    }

    @Test("are bounded in number and length, and what is left out is told")
    func bounded() throws {
        let long = String(repeating: "x", count: HostNames.longest)
        let many = (0..<20).map { "n\($0)" }
        let found = try Self.read([Self.capture(before: [Self.record([long + "x", long] + many)]).bytes])
        #expect(Self.names(found) == [long] + many.prefix(HostNames.mostOfAddress - 1))
        #expect(found.warnings.map(\.description).first?.hasPrefix("14 names are left out") == true)
        var flood = HostNames()
        let name = Array("n".utf8)
        for number in 0..<UInt32(HostNames.most + 10) { flood.add(name.span.bytes, of: IPAddress(ipv4: number)) }
        #expect(flood.leftOut == 10 && flood[IPAddress(ipv4: 3)] == ["n"])
        #expect(flood[IPAddress(ipv4: UInt32(HostNames.most))] == [])
    }

    @Test("are not looked for in what can be read only once")
    func streams() throws {
        let found = CaptureNames(paths: ["-", "/dev/null"])
        #expect(found.names.isEmpty)
        #expect(found.warnings.map(\.description).first?.hasPrefix("standard input: names in it are not shown") == true)
        #expect(found.warnings.count == 2)
    }
}

extension CaptureBuilder {
    /// How many packets lie in the records that are whole in the first `count` bytes.
    fileprivate func packetsBefore(_ count: Int) -> Int {
        recordEnds.lastIndex { $0 <= count }.map { packetsBefore[$0] } ?? 0
    }
}
