import TapSources
import TapTestSupport
import Testing

@Suite("an error of a capture file")
struct CaptureErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let expected: String
        let offset: UInt64?

        init(_ name: String, _ bytes: [UInt8], _ expected: String, at offset: UInt64? = nil) {
            testDescription = name
            self.bytes = bytes
            self.expected = expected
            self.offset = offset
        }
    }

    static let packet = PacketRecord(0, [1, 2, 3, 4])
    static let pcapng = CaptureBuilder.pcapng().with { $0.interface() }

    static let cases = [
        Case("no byte at all", [], "empty: not a capture file"),
        Case(
            "a picture", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], "not a capture file (neither pcap nor pcapng nor snoop)"),
        Case("a letter", [0x61], "not a capture file (neither pcap nor pcapng nor snoop)"),
        Case(
            "a start of pcapng that a text tool has changed",
            [0x0A, 0x0D, 0x0D, 0x0A] + [UInt8](repeating: 0, count: 40),
            "not a capture file (neither pcap nor pcapng nor snoop)"),
        Case(
            "a compressed file that ends at once", [0x1F, 0x8B, 8, 0, 0],
            "cut off in the middle of gzip data at byte 5", at: 5),
        Case(
            "a file compressed otherwise", [0x02, 0x21, 0x4C, 0x18, 5],
            "compressed by lz4 in its legacy format: decompress it first"),
        Case(
            "pcap of a version to come", CaptureBuilder.pcap(version: (3, 1)).bytes,
            "unknown format version 3.1 at byte 0", at: 0),
        Case(
            "a cut file header", Array(CaptureBuilder.pcap().bytes[..<20]),
            "cut off in the middle of the file header at byte 0 (20 of 24 bytes are there)", at: 0),
        Case(
            "a cut packet header", CaptureBuilder.pcap().bytes + [1, 2, 3],
            "cut off in the middle of a packet header at byte 24 (3 of 16 bytes are there)", at: 24),
        Case(
            "a cut packet", CaptureBuilder.pcap().with { $0.record(packet, tick: 1_000) }.bytes.dropLast(),
            "cut off in the middle of a packet at byte 24 (3 of 4 bytes are there)", at: 24),
        Case(
            "a packet of 4 GiB",
            CaptureBuilder.pcap().with { $0.record(seconds: 0, fraction: 0, lengths: (.max, 1), as: packet) }.bytes,
            "damaged at byte 24: a record of 4294967295 bytes (the limit is 16777216)", at: 24),
        Case(
            "a cut block", pcapng.bytes.dropLast(5),
            "cut off in the middle of a block at byte 28 (15 of 20 bytes are there)", at: 28),
        Case(
            "a cut block header", pcapng.bytes + [6, 0, 0],
            "cut off in the middle of a block header at byte 48 (3 of 8 bytes are there)", at: 48),
        Case(
            "a cut block of an unknown type", pcapng.bytes + [99, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0xFF, 1],
            "cut off in the middle of a block at byte 48 (9 of 4294967292 bytes are there)", at: 48),
        Case(
            "a block that is too short to be one", pcapng.bytes + [6, 0, 0, 0, 28, 0, 0, 0],
            "damaged at byte 48: a block with the impossible length 28", at: 48),
        Case(
            "a block length that is no multiple of four", pcapng.bytes + [99, 0, 0, 0, 13, 0, 0, 0],
            "damaged at byte 48: a block with the impossible length 13", at: 48),
        Case(
            "two lengths of one block", pcapng.with { $0.block(99, lengthAtEnd: 16) { _ in } }.bytes,
            "damaged at byte 48: a block with length 12 at its start and 16 at its end", at: 48),
        Case(
            "a packet of an interface that is not there",
            pcapng.with { $0.enhancedPacket(interface: 1, ticks: 0, as: packet) }.bytes,
            "damaged at byte 48: a packet of interface 1, which is not declared before it", at: 48),
        Case(
            "a simple packet without an interface", CaptureBuilder.pcapng().with { $0.simplePacket(as: packet) }.bytes,
            "damaged at byte 28: a packet of interface 0, which is not declared before it", at: 28),
        Case(
            "an interface of the section before",
            pcapng.with {
                $0.section(.big); $0.enhancedPacket(ticks: 0, as: packet)
            }.bytes,
            "damaged at byte 76: a packet of interface 0, which is not declared before it", at: 76),
        Case(
            "a packet that is larger than its block",
            pcapng.with { $0.block(6) { $0.append([UInt8](repeating: 0, count: 12) + [9, 0, 0, 0, 9, 0, 0, 0]) } }
                .bytes,
            "damaged at byte 48: a packet of 9 bytes in a block with room for 0", at: 48),
        Case(
            "a block of a packet above the limit", pcapng.bytes + [6, 0, 0, 0, 0, 0, 0, 2],
            "damaged at byte 48: a record of 33554432 bytes (the limit is 16777216)", at: 48),
        Case(
            "a section in no byte order",
            pcapng.bytes + [0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0] + [UInt8](repeating: 0, count: 20),
            "damaged at byte 48: a section header without the byte-order magic", at: 48),
        Case(
            "a section of a version to come",
            pcapng.with {
                $0.block(0x0A0D_0D0A) { $0.append([0x4D, 0x3C, 0x2B, 0x1A, 2, 0] + [UInt8](repeating: 0, count: 10)) }
            }
            .bytes,
            "unknown format version 2.0 at byte 48", at: 48),
        Case(
            "more interfaces than anyone has",
            CaptureBuilder.pcapng().with { file in for kind in 0...65_536 { file.interface(snapLength: UInt32(kind)) } }
                .bytes,
            "a limit is reached at byte 1310748: more than 4194304 interfaces in a section, or more than 65536 kinds of "
                + "them", at: 1_310_748),
        Case(
            "snoop of a later version", CaptureBuilder.snoop(version: 5).bytes, "unknown format version 5.0 at byte 0",
            at: 0),
        Case(
            "snoop of a data link that is not read", CaptureBuilder.snoop(dataLink: 7).bytes,
            "a snoop file of data link 7, which is not read"),
        Case(
            "half a header of snoop", Array(CaptureBuilder.snoop().bytes.prefix(12)),
            "cut off in the middle of the file header at byte 0 (12 of 16 bytes are there)", at: 0),
        Case(
            "a packet of snoop that is longer than its record",
            CaptureBuilder.snoop().bytes + [0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 24] + [UInt8](repeating: 0, count: 12),
            "damaged at byte 16: a packet of 9 bytes in a block with room for 0", at: 16),
        Case(
            "a record of snoop of 4 GB",
            CaptureBuilder.snoop().bytes + [0, 0, 0, 9, 0, 0, 0, 9] + [UInt8](repeating: 255, count: 16),
            "damaged at byte 16: a record of 4294967295 bytes (the limit is 16777216)", at: 16),
    ]

    @Test("is one line with the file, the reason and the place", arguments: cases)
    func text(of testCase: Case) throws {
        let file = try TemporaryFile(testCase.bytes)
        let error = ReadCapture(path: file.path).error
        #expect(error?.description == "\(file.path): \(testCase.expected)")
        #expect(error?.offset == testCase.offset)
        #expect(error?.path == file.path)
    }

    @Test(
        "names what is not there or not a file",
        arguments: [
            ("/nonexistent/nope.pcap", "/nonexistent/nope.pcap: no such file"),
            ("/tmp", "/tmp: is a directory"),
        ])
    func open(path: String, expected: String) {
        #expect(ReadCapture(path: path).error?.description == expected)
    }

    @Test("shows control characters in names, and does not send them to the terminal")
    func escaping() {
        let error = ReadCapture(path: "/nope/\u{1B}[31mred\n\u{202E}").error
        #expect(error?.description == "/nope/\\x1b[31mred\\n\\u{202e}: no such file")
    }
}
