import TapCapture
import TapTestSupport
import Testing

@Suite("reading ahead")
struct ReadAheadTests {
    /// Well over what makes a thread worth while, in packets of many lengths, one of them as long as told.
    private static func capture(longest: Int) -> CaptureBuilder {
        CaptureBuilder.pcap().with { builder in
            var length = 1
            for number in 0..<3_000 {
                length = (length * 1_103 + 12_345) % 1_931
                let count = number == 1_500 ? longest : length
                let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: count)
                builder.record(PacketRecord(Int64(number) * 1_000, bytes), tick: 1_000)
            }
        }
    }

    @Test(
        "gives what reading step by step gives, also where a record is longer than its buffers",
        arguments: [1_000, 100_000, 130_000, 131_072, 200_000, 1_000_000], [4_096, 65_536, 262_144])
    func same(longest: Int, bufferSize: Int) throws {
        let builder = ReadAheadTests.capture(longest: longest)
        let file = try TemporaryFile(builder.bytes)
        let capture = ReadCapture(path: file.path, bufferSize: bufferSize, readsAhead: true)
        #expect(capture.packets == builder.packets)
        #expect(capture.error == nil)
    }

    @Test("of a file that is cut off gives what comes before, and says where", arguments: [0, 1, 7, 1_000, 300_000])
    func cut(from end: Int) throws {
        let bytes = ReadAheadTests.capture(longest: 200_000).bytes
        let file = try TemporaryFile(Array(bytes[..<(bytes.count - end)]))
        let ahead = ReadCapture(path: file.path, readsAhead: true)
        #expect(ahead == ReadCapture(path: file.path))
        #expect((ahead.error == nil) == (end == 0))
    }

    @Test("leaves compressed files to those who decompress them", arguments: Compressor.allCases)
    func compressed(_ compressor: Compressor) throws {
        let builder = CompressedCaptureTests.capture(packets: 3_000)
        let bytes = try compressor.compress(builder.bytes)
        #expect(bytes.count > 1 << 20)
        let file = try TemporaryFile(bytes)
        let capture = ReadCapture(path: file.path, readsAhead: true)
        #expect(capture.packets == builder.packets)
        #expect(capture.error == nil)
    }

    @Test("ends with its owner, wherever that is", arguments: [0, 1, 700, 1_501])
    func abandoned(after count: Int) throws {
        let file = try TemporaryFile(ReadAheadTests.capture(longest: 200_000).bytes)
        var capture = try CaptureFile(path: file.path, bufferSize: 65_536, readsAhead: true)
        var read = 0
        while read < count, try capture.next() != nil { read += 1 }
        #expect(read == count)
    }
}
