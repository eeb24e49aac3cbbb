import TapCore
import TapSources
import TapTestSupport
import Testing

@Suite("reading ahead")
struct PacketsAheadTests {
    /// Well over what makes a thread worth while, in packets of many lengths, one of them as long as told.
    static func capture(longest: Int) -> CaptureBuilder {
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

    private static func read(_ path: String, batchSize: Int) -> (capture: ReadCapture, errors: [CaptureError]) {
        var files = CaptureFiles(paths: [path], batchSize: batchSize)
        let capture = ReadCapture(&files)
        return (capture, files.errors)
    }

    @Test(
        "gives what reading step by step gives, also where a record is longer than a batch",
        arguments: [1_000, 100_000, 130_000, 131_072, 200_000, 1_000_000], [4_096, 65_536, 262_144])
    func same(longest: Int, batchSize: Int) throws {
        let builder = PacketsAheadTests.capture(longest: longest)
        let file = try TemporaryFile(builder.bytes)
        let (capture, errors) = PacketsAheadTests.read(file.path, batchSize: batchSize)
        #expect(capture.packets == builder.packets)
        #expect(capture.numbers == Array(1...3_000))
        #expect(errors.isEmpty)
    }

    @Test("of a file that is cut off gives what comes before, and says where", arguments: [0, 1, 7, 1_000, 300_000])
    func cut(from end: Int) throws {
        let bytes = PacketsAheadTests.capture(longest: 200_000).bytes
        let file = try TemporaryFile(Array(bytes[..<(bytes.count - end)]))
        let (capture, errors) = PacketsAheadTests.read(file.path, batchSize: 65_536)
        let stepwise = ReadCapture(path: file.path)
        #expect(capture.packets == stepwise.packets)
        #expect(errors == stepwise.error.map { [$0] } ?? [])
        #expect(errors.isEmpty == (end == 0))
    }

    @Test("decompresses on the thread that reads", arguments: Compressor.allCases)
    func compressed(_ compressor: Compressor) throws {
        let builder = CompressedCaptureTests.capture(packets: 3_000)
        let bytes = try compressor.compress(builder.bytes)
        #expect(bytes.count > 1 << 20)
        let file = try TemporaryFile(bytes)
        let (capture, errors) = PacketsAheadTests.read(file.path, batchSize: 65_536)
        #expect(capture.packets == builder.packets)
        #expect(errors.isEmpty)
    }

    @Test("gives comments with their packets, and those at the end after the last", arguments: [0, 1, 1_499, 2_999])
    func comments(on number: Int) throws {
        let file = try TemporaryFile(PacketsAheadTests.commented(on: number))
        var files = CaptureFiles(paths: [file.path], batchSize: 65_536)
        var commented: [UInt64: [String]] = [:]
        while let packet = files.next() {
            if !files.comments.isEmpty {
                commented[packet.number.rawValue] = files.comments.map { $0.shown }
            }
        }
        #expect(commented == [UInt64(number) + 1: ["packet \(number + 1): here"]])
        #expect(files.comments.map { $0.shown } == ["statistics: over"])
    }

    /// A capture with a comment on one packet, and one at its end.
    static func commented(on number: Int) -> [UInt8] {
        var builder = CaptureBuilder.pcapng()
        builder.section(.little)
        builder.interface()
        for place in 0..<3_000 {
            let options = place == number ? CaptureCommentTests.options(["here"], .little) : []
            let record = PacketRecord(0, [UInt8](repeating: 1, count: 600))
            builder.enhancedPacket(ticks: UInt64(place), options: options, as: record)
        }
        builder.block(5) {
            $0.append([UInt8](repeating: 0, count: 12))
            $0.append(CaptureCommentTests.options(["over"], .little))
        }
        return builder.bytes
    }

    @Test("counts what was consumed, up to the file's length")
    func position() throws {
        let file = try TemporaryFile(PacketsAheadTests.capture(longest: 1_000).bytes)
        var files = CaptureFiles(paths: [file.path], batchSize: 65_536)
        var positions: [UInt64] = []
        while files.next() != nil { positions.append(files.position) }
        #expect(positions == positions.sorted())
        #expect(positions.first ?? 0 > 0)
        #expect(files.position == files.size)
    }

    @Test("ends with its owner, wherever that is", arguments: [0, 1, 700, 1_501])
    func abandoned(after count: Int) throws {
        let file = try TemporaryFile(PacketsAheadTests.capture(longest: 200_000).bytes)
        var files = CaptureFiles(paths: [file.path], batchSize: 65_536)
        var read = 0
        while read < count, files.next() != nil { read += 1 }
        #expect(read == count)
    }
}
