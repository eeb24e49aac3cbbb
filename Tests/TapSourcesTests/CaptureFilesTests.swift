import Glibc
import TapCore
import TapSources
import TapTestSupport
import Testing

@Suite("several capture files")
struct CaptureFilesTests {
    /// A file of one-byte packets: `(second, byte)`.
    private static func file(_ packets: [(UInt32, UInt8)]) throws -> TemporaryFile {
        let builder = CaptureBuilder.pcap().with {
            for (second, byte) in packets {
                $0.record(PacketRecord(Int64(second) * 1_000_000_000, [byte]), tick: 1_000)
            }
        }
        return try TemporaryFile(builder.bytes)
    }

    private static func bytes(_ capture: ReadCapture) -> [UInt8] { capture.packets.flatMap(\.bytes) }

    struct Merge: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let files: [[(UInt32, UInt8)]]
        let expected: [UInt8]
    }

    @Test(
        "are one capture in the order of time, numbered from 1",
        arguments: [
            Merge(testDescription: "no file", files: [], expected: []),
            Merge(
                testDescription: "one file keeps its order", files: [[(3, 1), (1, 2), (2, 3)]], expected: [1, 2, 3]),
            Merge(
                testDescription: "one after the other", files: [[(3, 3), (4, 4)], [(1, 1), (2, 2)]],
                expected: [1, 2, 3, 4]),
            Merge(testDescription: "in turns", files: [[(1, 1), (3, 3)], [(2, 2), (4, 4)]], expected: [1, 2, 3, 4]),
            Merge(
                testDescription: "at the same time, as they are named", files: [[(1, 1), (1, 2)], [(1, 3)], [(1, 4)]],
                expected: [1, 2, 3, 4]),
            Merge(testDescription: "one without packets", files: [[], [(1, 1)], []], expected: [1]),
            Merge(
                testDescription: "one that goes back in time keeps its own order",
                files: [[(5, 5), (1, 6)], [(2, 2), (7, 7)]],
                expected: [2, 5, 6, 7]),
        ])
    func merge(_ merge: Merge) throws {
        let files = try merge.files.map { try CaptureFilesTests.file($0) }
        var source = CaptureFiles(paths: files.map(\.path))
        let capture = ReadCapture(&source)
        #expect(CaptureFilesTests.bytes(capture) == merge.expected)
        #expect(capture.numbers == merge.expected.indices.map { UInt64($0) + 1 })
        let (position, size, errors) = (source.position, source.size, source.errors)
        #expect(position == size)
        #expect(errors.isEmpty)
        let isEmpty = source.bytes.isEmpty
        #expect(isEmpty)
    }

    @Test(
        "a single one gives what reading it step by step gives", arguments: [1_000, 16_384, 300_000], [0, 1, 7, 1_000])
    func single(longest: Int, cutOff: Int) throws {
        let bytes = PacketsAheadTests.capture(longest: longest).bytes
        let file = try TemporaryFile(Array(bytes[..<(bytes.count - cutOff)]))
        var source = CaptureFiles(paths: [file.path], batchSize: nil)
        let capture = ReadCapture(&source)
        let stepwise = ReadCapture(path: file.path, bufferSize: 16_384)
        #expect(capture.packets == stepwise.packets)
        #expect(capture.numbers == stepwise.numbers)
        let (errors, position, isEmpty) = (source.errors, source.position, source.bytes.isEmpty)
        #expect(errors == stepwise.error.map { [$0] } ?? [])
        #expect(cutOff > 0 || position == UInt64(bytes.count))
        #expect(isEmpty)
    }

    @Test("go on where some are damaged or not there")
    func damaged() throws {
        let whole = try CaptureFilesTests.file([(1, 1), (3, 3), (5, 5)])
        let other = try CaptureFilesTests.file([(2, 2), (4, 4)])
        let cut = try TemporaryFile(try other.contents().dropLast())
        var source = CaptureFiles(paths: ["/nonexistent/a.pcap", whole.path, cut.path])
        let opened = source.errors.map(\.description)
        #expect(opened == ["/nonexistent/a.pcap: no such file"])
        #expect(CaptureFilesTests.bytes(ReadCapture(&source)) == [1, 2, 3, 5])
        let errors = source.errors.dropFirst().map(\.description)
        #expect(errors == ["\(cut.path): cut off in the middle of a packet at byte 41 (0 of 1 bytes are there)"])
    }

    @Test("of random times come out as a stable sort of them would", arguments: 1...20)
    func random(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var byte: UInt8 = 0
        let contents: [[(UInt32, UInt8)]] = (0..<Int.random(in: 2...9, using: &random)).map { _ in
            let seconds = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                UInt32.random(in: 0...20, using: &random)
            }
            return seconds.sorted().map { second in
                byte += 1
                return (second, byte)
            }
        }
        let files = try contents.map { try CaptureFilesTests.file($0) }
        var source = CaptureFiles(paths: files.map(\.path))
        let expected = contents.joined().sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
        #expect(CaptureFilesTests.bytes(ReadCapture(&source)) == expected)
    }

    @Test("may be those of a directory, where all others are passed over")
    func directory() throws {
        let folder = "/tmp/tap-test-directory-\(getpid())"
        defer { try? Compressor.shell("rm -rf \(folder)") }
        let (first, second) = (try CaptureFilesTests.file([(1, 1), (3, 3)]), try CaptureFilesTests.file([(2, 2)]))
        try Compressor.shell(
            """
            mkdir -p \(folder)/below && cd \(folder) && mkfifo pipe && touch empty && echo text > notes.txt
            cp \(second.path) a.pcap && gzip -c \(first.path) > b && cp \(first.path) below/ && cp \(first.path) .hidden
            echo text | xz > notes.xz
            """)
        var source = CaptureFiles(paths: [folder])
        #expect(CaptureFilesTests.bytes(ReadCapture(&source)) == [1, 2, 3])
        let errors = source.errors
        #expect(errors.isEmpty)
    }

    @Test("tell of damage in a directory, and of a directory without captures")
    func badDirectory() throws {
        let folder = "/tmp/tap-test-bad-directory-\(getpid())"
        defer { try? Compressor.shell("rm -rf \(folder)") }
        try Compressor.shell("mkdir -p \(folder)/none && echo text > \(folder)/none/a")
        let cut = try TemporaryFile(try CaptureFilesTests.file([(1, 1)]).contents().dropLast())
        try Compressor.shell("cp \(cut.path) \(folder)/cut.pcap")
        var source = CaptureFiles(paths: [folder, folder + "/none"])
        #expect(ReadCapture(&source).packets.isEmpty)
        let errors = source.errors.map(\.description)
        #expect(
            errors == [
                "\(folder)/none: no capture file in this directory",
                "\(folder)/cut.pcap: cut off in the middle of a packet at byte 24 (0 of 1 bytes are there)",
            ])
    }
}
