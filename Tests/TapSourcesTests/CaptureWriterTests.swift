import Glibc
import TapCore
import TapSources
import TapTestSupport
import Testing

@Suite("a capture writer")
struct CaptureWriterTests {
    private static func write(
        _ packets: [PacketRecord], to path: String, interface: String? = "eth0"
    ) throws(CaptureError) {
        var writer = try CaptureWriter(path: path, interface: interface)
        for packet in packets {
            let header = PacketHeader(
                number: PacketNumber(1), timestamp: Timestamp(nanoseconds: packet.nanoseconds),
                linkType: LinkType(rawValue: packet.linkType), originalLength: packet.originalLength)
            try writer.write(header, packet.bytes.span.bytes)
        }
        try writer.finish()
    }

    private static let packets = (0..<5).map { length in
        PacketRecord(
            1_700_000_000_123_456_789 + Int64(length), originalLength: 100, [UInt8](repeating: 7, count: length))
    }

    @Test("writes what a capture file gives again, of any link types")
    func roundTrip() throws {
        let other = PacketRecord(1_700_000_001_000_000_000, linkType: 113, [1, 2, 3])
        let packets = CaptureWriterTests.packets + [other] + CaptureWriterTests.packets
        let file = try TemporaryFile()
        try CaptureWriterTests.write(packets, to: file.path)
        let capture = ReadCapture(path: file.path)
        #expect(capture.packets == packets)
        #expect(capture.error == nil)
    }

    @Test("writes what libpcap reads, to the nanosecond")
    func libpcap() throws {
        let file = try TemporaryFile()
        try CaptureWriterTests.write(CaptureWriterTests.packets, to: file.path)
        let theirs = try LibpcapTests.read(file.path)
        #expect(theirs.packets == CaptureWriterTests.packets)
        #expect(theirs.error == nil)
    }

    @Test("writes more than its buffer holds, and large packets")
    func large() throws {
        let packets =
            (0..<40).map { PacketRecord($0, [UInt8](repeating: UInt8($0), count: 9_000)) }
            + [PacketRecord(99, [UInt8](repeating: 1, count: 262_144))]
        let file = try TemporaryFile()
        try CaptureWriterTests.write(packets, to: file.path)
        #expect(ReadCapture(path: file.path).packets == packets)
    }

    @Test("names the program and the interface in the file")
    func names() throws {
        let file = try TemporaryFile()
        try CaptureWriterTests.write(CaptureWriterTests.packets, to: file.path, interface: "wlan7")
        let text = String(decoding: try file.contents(), as: UTF8.self)
        #expect(text.contains("wstap"))
        #expect(text.contains("wlan7"))
    }

    @Test("makes a file that only its owner may read")
    func mode() throws {
        let place = try TemporaryFile()
        unlink(place.path)
        try CaptureWriterTests.write([], to: place.path)
        var status = stat()
        #expect(stat(place.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("has its packets in the file after a flush")
    func flush() throws {
        let file = try TemporaryFile()
        var writer = try CaptureWriter(path: file.path)
        let header = PacketHeader(
            number: PacketNumber(1), timestamp: Timestamp(nanoseconds: -5), linkType: .ethernet, originalLength: 1)
        let bytes: [UInt8] = [9]
        try writer.write(header, bytes.span.bytes)
        #expect(ReadCapture(path: file.path).packets.isEmpty)
        try writer.flush()
        #expect(ReadCapture(path: file.path).packets == [PacketRecord(0, [9])])
        try writer.finish()
    }

    @Test(
        "says what went wrong",
        arguments: [
            ("/nonexistent/x.pcapng", "/nonexistent/x.pcapng: cannot be written: no such directory"),
            ("/tmp", "/tmp: cannot be written: is a directory"),
            ("/dev/full", "/dev/full: cannot be written: No space left on device"),
        ])
    func errors(path: String, expected: String) {
        let error = #expect(throws: CaptureError.self) {
            try CaptureWriterTests.write(CaptureWriterTests.packets, to: path)
        }
        #expect(error?.description == expected)
        #expect(error?.path == path)
    }

    @Test("refuses a link type that the format has no room for")
    func linkType() throws {
        let file = try TemporaryFile()
        let error = #expect(throws: CaptureError.self) {
            try CaptureWriterTests.write([PacketRecord(0, linkType: 70_000, [1])], to: file.path)
        }
        #expect(error?.description == "\(file.path): pcapng has no room for link type 70000")
    }
}
