import TapSources
import TapTestSupport
import Testing

@Suite("a compressed capture")
struct CompressedCaptureTests {
    /// Packets of `count` bytes that compress to about half.
    static func capture(packets: Int, of count: Int = 1_000) -> CaptureBuilder {
        var random = SeededGenerator(seed: 7)
        return CaptureBuilder.pcap().with { file in
            for number in 0..<packets {
                file.record(PacketRecord(Int64(number) * 1_000_000, random.bytes(count, in: 0...15)), tick: 1_000)
            }
        }
    }

    static let large = capture(packets: 1_500)
    static let small = capture(packets: 5, of: 60)

    @Test("gives the packets of the capture in it", arguments: Compressor.allCases, CaptureSample.all)
    func packets(_ compressor: Compressor, _ sample: CaptureSample) throws {
        let file = try TemporaryFile(compressor.compress(sample.file.bytes))
        let capture = ReadCapture(path: file.path)
        #expect(capture.packets == sample.file.packets)
        #expect(capture.error == nil)
    }

    @Test("gives the same packets whatever the buffer holds at a time", arguments: Compressor.allCases)
    func buffers(_ compressor: Compressor) throws {
        for (builder, sizes) in [
            (CompressedCaptureTests.small, [0, 1, 2, 3, 7, 16, 100, 65_536]), (CompressedCaptureTests.large, [4_096]),
        ] {
            let file = try TemporaryFile(compressor.compress(builder.bytes))
            for size in sizes {
                let capture = ReadCapture(path: file.path, bufferSize: size)
                #expect(capture.packets == builder.packets)
                #expect(capture.error == nil)
            }
        }
    }

    @Test("may consist of several members or frames", arguments: Compressor.allCases)
    func members(_ compressor: Compressor) throws {
        let builder = CompressedCaptureTests.small
        let parts = [builder.bytes[..<10], builder.bytes[10..<10], builder.bytes[10..<200], builder.bytes[200...]]
        let file = try TemporaryFile(parts.flatMap { try compressor.compress(Array($0)) })
        for size in [1, 5, 262_144] {
            let capture = ReadCapture(path: file.path, bufferSize: size)
            #expect(capture.packets == builder.packets)
            #expect(capture.error == nil)
        }
    }

    @Test("may have skippable frames before, between and after", arguments: [Compressor.zstd, .lz4])
    func skippable(_ compressor: Compressor) throws {
        let builder = CompressedCaptureTests.small
        let skippable: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]
        let begin = try compressor.compress(Array(builder.bytes[..<100]))
        let rest = try compressor.compress(Array(builder.bytes[100...]))
        let file = try TemporaryFile(skippable + skippable + begin + skippable + rest + skippable)
        for size in [1, 5, 262_144] {
            let capture = ReadCapture(path: file.path, bufferSize: size)
            #expect(capture.packets == builder.packets)
            #expect(capture.error == nil)
        }
    }

    @Test("may be padded with zeros after gzip and xz", arguments: [Compressor.gzip, .xz])
    func padding(_ compressor: Compressor) throws {
        let bytes = try compressor.compress(CompressedCaptureTests.small.bytes)
        let file = try TemporaryFile(bytes + [UInt8](repeating: 0, count: 1_000))
        let capture = ReadCapture(path: file.path, bufferSize: 64)
        #expect(capture.packets == CompressedCaptureTests.small.packets)
        #expect(capture.error == nil)
    }

    @Test("cut anywhere gives what is before the cut, and one error that says where", arguments: Compressor.allCases)
    func cut(_ compressor: Compressor) throws {
        let builder = CompressedCaptureTests.small
        let bytes = try compressor.compress(builder.bytes)
        let file = try TemporaryFile()
        for end in 4..<bytes.count {
            try file.replace(Array(bytes[..<end]))
            let capture = ReadCapture(path: file.path)
            #expect(capture.packets == Array(builder.packets.prefix(capture.packets.count)))
            #expect(
                capture.error?.description
                    == "\(file.path): cut off in the middle of \(compressor.format.name) data at byte \(end)")
            #expect(capture.error?.offset == UInt64(end))
        }
    }

    @Test("that is long and cut gives about as many packets as it has bytes", arguments: Compressor.allCases)
    func cutLate(_ compressor: Compressor) throws {
        let builder = CompressedCaptureTests.large
        let bytes = try compressor.compress(builder.bytes)
        let file = try TemporaryFile(Array(bytes.dropLast(9)))
        let capture = ReadCapture(path: file.path)
        #expect(capture.packets == Array(builder.packets.prefix(capture.packets.count)))
        // Of a block that is not whole these decode nothing, and it is long.
        if compressor.format != .lz4, compressor.format != .bzip2 { #expect(capture.packets.count > 1_000) }
        #expect(capture.error?.offset == UInt64(bytes.count - 9))
    }

    @Test("damaged at random gives what is before the damage, and at most one error", arguments: Compressor.allCases)
    func damage(_ compressor: Compressor) throws {
        var random = SeededGenerator(seed: 11)
        let builder = CompressedCaptureTests.small
        let bytes = try compressor.compress(builder.bytes)
        let file = try TemporaryFile()
        for _ in 0..<150 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                damaged[Int.random(in: 4..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            }
            try file.replace(damaged)
            let capture = ReadCapture(path: file.path)
            let piecewise = ReadCapture(path: file.path, bufferSize: Int.random(in: 1...64, using: &random))
            #expect(capture == piecewise)
            if let error = capture.error, !error.description.contains("decompresses to") {
                #expect(error.offset.map { $0 <= damaged.count } ?? true, "\(error)")
            }
        }
    }

    @Test("tells its position in the compressed file")
    func progress() throws {
        let bytes = try Compressor.gzip.compress(CompressedCaptureTests.large.bytes)
        let path = try TemporaryFile(bytes)
        var file = try CaptureFile(path: path.path)
        var positions: [UInt64] = []
        while try file.next() != nil { positions.append(file.position) }
        let (size, end) = (file.size, file.position)
        #expect(size == UInt64(bytes.count))
        #expect(end == UInt64(bytes.count))
        #expect(positions == positions.sorted())
        #expect(positions.first.map { $0 < bytes.count / 2 } == true)
    }
}
