import TapCore
import TapSources
import TapTestSupport
import Testing

@Suite("What is wrong with a file that can be read")
struct OddCaptureTests {
    private static let records = (0..<6).map {
        PacketRecord(Int64($0 + 1) * 1_000_000, [UInt8](repeating: 7, count: 40))
    }

    /// All of it, read in each of the ways that there are.
    private static func warnings(_ builder: CaptureBuilder) throws -> [String] {
        let file = try TemporaryFile(builder.bytes)
        var files = CaptureFiles(paths: [file.path])
        var count = 0
        while let packet = files.next() {
            count += 1
            #expect(packet.originalLength >= files.bytes.byteCount)
        }
        #expect(count == builder.packets.count && files.errors.isEmpty)
        return files.warnings.map { $0.description.replacing(file.path, with: "FILE") }
    }

    private static func pcapng(_ options: [[UInt8]]) -> CaptureBuilder {
        var builder = CaptureBuilder.pcapng()
        builder.interface(resolution: 9)
        for (index, record) in records.enumerated() {
            let own = index < options.count ? options[index] : []
            builder.enhancedPacket(ticks: UInt64(record.nanoseconds), options: own, as: record)
        }
        return builder
    }

    @Test("an original length below the captured one is told once, and the packet is whole")
    func overlong() throws {
        var builder = CaptureBuilder.pcap()
        for (index, record) in OddCaptureTests.records.enumerated() {
            builder.record(record, tick: 1_000, lengths: index == 1 || index == 4 ? (40, 31) : nil)
        }
        #expect(
            try OddCaptureTests.warnings(builder) == [
                "FILE: damaged: 2 packets (the first is 2) hold more bytes than the original length in their headers; "
                    + "what is there was read"
            ])
        var single = CaptureBuilder.pcap(.big)
        single.record(OddCaptureTests.records[0], tick: 1_000, lengths: (40, 0))
        #expect(try OddCaptureTests.warnings(single)[0].contains("damaged: 1 packet (1) hold"))
    }

    @Test("an option longer than its block is told once, with its place", arguments: [0, 2])
    func options(before: Int) throws {
        let broken: [UInt8] = [1, 0, 0x60, 0xEA, 0x61, 0x62, 0x63, 0x64]
        let fine = CaptureBuilder.pcapng()
        let builder = OddCaptureTests.pcapng([[UInt8]](repeating: [], count: before) + [broken, broken])
        let blocks = fine.bytes.count + OddCaptureTests.interfaceLength + before * (32 + 40)
        #expect(
            try OddCaptureTests.warnings(builder) == [
                "FILE: damaged at byte \(blocks): 2 blocks have an option that is longer than its block; "
                    + "such options and those behind them were left out"
            ])
    }

    private static var interfaceLength: Int {
        var builder = CaptureBuilder.pcapng()
        let before = builder.bytes.count
        builder.interface(resolution: 9)
        return builder.bytes.count - before
    }

    @Test("times that step back are told once, with the longest step")
    func backwards() throws {
        var builder = CaptureBuilder.pcap()
        for milliseconds in [5, 9, 2, 3, 1, 8] as [Int64] {
            builder.record(PacketRecord(milliseconds * 1_000_000, [1, 2, 3]), tick: 1_000)
        }
        #expect(
            try OddCaptureTests.warnings(builder) == [
                "FILE: times step back before 2 packets (the first is 3), by 0.007 s at most; "
                    + "durations across such a step are not known"
            ])
    }

    @Test("nothing is told of a file that is well")
    func fine() throws {
        var builder = CaptureBuilder.pcap()
        for record in OddCaptureTests.records { builder.record(record, tick: 1_000) }
        // Equal times are no step back.
        builder.record(OddCaptureTests.records[5], tick: 1_000)
        #expect(try OddCaptureTests.warnings(builder).isEmpty)
        let comment: [UInt8] = [1, 0, 4, 0, 0x61, 0x62, 0x63, 0x64, 0, 0, 0, 0]
        #expect(try OddCaptureTests.warnings(OddCaptureTests.pcapng([comment, [0, 0, 0, 0], []])).isEmpty)
        // Simple packets have no time.
        var mixed = OddCaptureTests.pcapng([])
        mixed.simplePacket(as: PacketRecord(0, [1, 2, 3]))
        #expect(try OddCaptureTests.warnings(mixed).isEmpty)
    }

    @Test("a file that is read on a thread of its own is no exception")
    func ahead() throws {
        var builder = CaptureBuilder.pcap()
        for index in 0..<3_000 {
            let record = PacketRecord(Int64(index) * 1_000_000, [UInt8](repeating: 1, count: 1_000))
            builder.record(record, tick: 1_000, lengths: index % 1_000 == 999 ? (1_000, 7) : nil)
        }
        #expect(try OddCaptureTests.warnings(builder)[0].contains("damaged: 3 packets (the first is 1000) hold"))
    }

    @Test(
        "link types have their public names",
        arguments: [
            (1, "EN10MB"), (104, "C_HDLC"), (117, "PFLOG"), (119, "PRISM_HEADER"), (147, "USER0"), (162, "USER15"),
            (100, "ATM_RFC1483"), (106, "ATM_CLIP"), (192, "PPI"), (246, "PFSYNC"), (258, "PKTAP"), (118, "CISCO_IOS"),
            (110, "LANE8023"), (218, "GSMTAP_ABIS"), (252, "WIRESHARK_UPPER_PDU"), (277, "SERCOS_MONITOR"), (208, nil),
            (9_999, nil), (0xFFFF_FFFF, nil),
        ] as [(UInt32, String?)])
    func names(number: UInt32, name: String?) { #expect(LinkType(rawValue: number).name == name) }
}
