import Foundation
import TapSources
import TapTestSupport
import Testing

@Suite("a capture that comes through a pipe")
struct PipeTests {
    /// A pipe whose writing end a thread serves.
    private struct Pipe {
        let readingPath: String
        private let reading: Int32
        private let writing: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
            readingPath = "/dev/fd/\(reading)"
        }

        /// Writes `bytes` in pieces and then closes the pipe, all on another thread.
        func write(_ bytes: [UInt8], piece: Int) {
            let writing = writing
            Thread.detachNewThread {
                for start in stride(from: 0, to: bytes.count, by: piece) {
                    let part = Array(bytes[start..<min(start + piece, bytes.count)])
                    _ = Glibc.write(writing, part, part.count)
                }
                Glibc.close(writing)
            }
        }

        func writeNow(_ bytes: [UInt8]) { _ = Glibc.write(writing, bytes, bytes.count) }
        func endWriting() { Glibc.close(writing) }
        func endReading() { Glibc.close(reading) }

        /// Makes the pipe standard input while `body` runs.
        func asStandardInput(_ body: () -> Void) {
            let saved = dup(STDIN_FILENO)
            dup2(reading, STDIN_FILENO)
            body()
            dup2(saved, STDIN_FILENO)
            Glibc.close(saved)
        }
    }

    @Test("is the same byte by byte", arguments: CaptureSample.all, [1, 5])
    func bytewise(_ sample: CaptureSample, piece: Int) throws {
        guard sample.file.bytes.count < 10_000 else { return }
        let pipe = try Pipe()
        pipe.write(sample.file.bytes, piece: piece)
        let capture = ReadCapture(path: pipe.readingPath)
        #expect(capture.packets == sample.file.packets)
        #expect(capture.error == nil)
        pipe.endReading()
    }

    @Test("gives a packet before the next one is written")
    func promptly() throws {
        let pipe = try Pipe()
        var builder = CaptureBuilder.pcap()
        pipe.writeNow(builder.bytes)
        var file = try CaptureFile(path: pipe.readingPath)
        for number in 1...3 {
            let written = builder.bytes.count
            builder.record(PacketRecord(0, [UInt8(number)]), tick: 1_000)
            pipe.writeNow(Array(builder.bytes[written...]))
            // This would wait for ever if the buffer had to be full first.
            let header = try file.next()
            #expect(header?.number.rawValue == UInt64(number))
        }
        pipe.endWriting()
        let end = try file.next()
        let size = file.size
        #expect(end == nil)
        #expect(size == nil)
        pipe.endReading()
    }

    @Test("may be standard input")
    func standardInput() throws {
        let pipe = try Pipe()
        let builder = CaptureBuilder.pcap().with { $0.record(PacketRecord(0, [1, 2]), tick: 1_000) }
        pipe.writeNow(Array(builder.bytes.dropLast()))
        pipe.endWriting()
        pipe.asStandardInput {
            let expected = "standard input: cut off in the middle of a packet at byte 24 (1 of 2 bytes are there)"
            #expect(ReadCapture(path: "-").error?.description == expected)
        }
        pipe.endReading()
    }
}
