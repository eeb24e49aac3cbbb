import TapSources
import TapTestSupport
import Testing

@Suite("an error of a compressed capture")
struct CompressedCaptureErrorTests {
    static let capture = CompressedCaptureTests.small

    private func error(_ bytes: [UInt8]) throws -> (text: Substring?, packets: Int) {
        let file = try TemporaryFile(bytes)
        let capture = ReadCapture(path: file.path)
        return (capture.error?.description.dropFirst(file.path.count + 2), capture.packets.count)
    }

    @Test(
        "comes after the packets where only a checksum is wrong",
        arguments: [Compressor.gzip, .zstd, .lz4, .xz, .bzip2])
    func checksum(_ compressor: Compressor) throws {
        var bytes = try compressor.compress(CompressedCaptureErrorTests.capture.bytes)
        // gzip ends with the checksum and the length, xz with a footer that begins with one, bzip2 with bits that fill up its
        // last byte, the others with the checksum.
        bytes[bytes.count - (compressor == .gzip ? 8 : compressor == .xz ? 12 : compressor == .bzip2 ? 2 : 1)] ^= 1
        let (text, packets) = try error(bytes)
        #expect(packets == 5)
        switch compressor.format {
        case .gzip: #expect(text == "damaged gzip data at byte \(bytes.count - 4): incorrect data check")
        case .zstd:
            #expect(text?.hasSuffix(": Restored data doesn't match checksum") == true, "\(text ?? "")")
        case .lz4:
            #expect(text == "damaged lz4 data at byte \(bytes.count - 4): contentChecksum invalid")
        case .xz, .bzip2:
            // Pieces are of 1,024 bytes, behind the four that tell what it is.
            #expect(
                text == "damaged \(compressor.format.name) data at byte 4: it contradicts itself, or its checksum")
        }
    }

    @Test("is at the same place whatever the buffer holds at a time", arguments: [Compressor.xz, .bzip2])
    func place(_ compressor: Compressor) throws {
        var bytes = try compressor.compress(CompressedCaptureErrorTests.capture.bytes)
        bytes[bytes.count - (compressor == .xz ? 12 : 2)] ^= 1
        let file = try TemporaryFile(bytes)
        let whole = ReadCapture(path: file.path)
        #expect(whole.packets.count == 5 && whole.error != nil)
        for bufferSize in 1...CompressedCaptureErrorTests.capture.bytes.count {
            #expect(ReadCapture(path: file.path, bufferSize: bufferSize) == whole, "\(bufferSize)")
        }
    }

    @Test("names what follows the compressed data", arguments: [Compressor.gzip, .zstd, .lz4, .xz, .bzip2])
    func garbage(_ compressor: Compressor) throws {
        let bytes = try compressor.compress(CompressedCaptureErrorTests.capture.bytes)
        let (text, packets) = try error(bytes + Array("garbage garbage".utf8))
        #expect(packets == 5)
        #expect(text?.hasPrefix("damaged \(compressor.format.name) data at byte ") == true, "\(text ?? "")")
    }

    @Test("in the capture itself counts decompressed bytes, and says so")
    func inside() throws {
        let bytes = try Compressor.gzip.compress(CompressedCaptureErrorTests.capture.bytes.dropLast(3))
        let (text, packets) = try error(bytes)
        #expect(packets == 4)
        #expect(
            text.map(String.init)
                == "cut off in the middle of a packet at byte 328 of what it decompresses to"
                + " (57 of 60 bytes are there)")
    }

    @Test(
        "says where there is no capture in it",
        arguments: [
            ("", "empty: not a capture file"),
            ("a", "not a capture file (neither pcap nor pcapng nor snoop)"),
            ("some text", "not a capture file (neither pcap nor pcapng nor snoop)"),
        ])
    func other(content: String, expected: String) throws {
        let (text, _) = try error(Compressor.zstd.compress(Array(content.utf8)))
        #expect(text.map(String.init) == expected)
    }

    @Test("tells what is compressed twice, or by another program")
    func twice() throws {
        let (twice, _) = try error(
            Compressor.gzip.compress(Compressor.lz4.compress(CompressedCaptureErrorTests.capture.bytes)))
        #expect(twice == "compressed by lz4: decompress it first")
        let (legacy, _) = try error([0x02, 0x21, 0x4C, 0x18, 5, 0])
        #expect(legacy == "compressed by lz4 in its legacy format: decompress it first")
    }

    @Test("tells of a dictionary of xz that would take too much memory")
    func dictionary() throws {
        let file = try TemporaryFile(CompressedCaptureErrorTests.capture.bytes)
        let compressed = try TemporaryFile()
        try Compressor.shell("xz --lzma2=dict=256MiB -c '\(file.path)' > '\(compressed.path)'")
        let (text, packets) = try error(compressed.contents())
        #expect(text?.hasSuffix(": it takes too much memory") == true, "\(text ?? "")")
        #expect(packets == 0)
    }

    @Test("tells of a window that would take too much memory")
    func window() throws {
        // A frame header with a window of 2⁴¹ bytes.
        let (text, _) = try error([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xF8] + [UInt8](repeating: 0, count: 20))
        #expect(text?.contains("too much memory") == true, "\(text ?? "")")
    }

    @Test("in a block that is not compressed is the same whatever the buffer holds at a time")
    func rawBlock() throws {
        // What is found wrong with the last three bytes leaves out the end of the last packet, however many of them are
        // there at a time: a frame of one segment that says to hold more than its only block does (RFC 8878 §3.1.1).
        let content = CompressedCaptureErrorTests.capture.bytes + [0, 0]
        let block = content.count << 3 | 1
        let header: [UInt8] = [
            0x28, 0xB5, 0x2F, 0xFD, 0x60, 0xFF, 0x0F,
            UInt8(block & 0xFF), UInt8(block >> 8 & 0xFF), UInt8(block >> 16),
        ]
        let file = try TemporaryFile(header + content)
        let whole = ReadCapture(path: file.path)
        #expect(whole.error?.description.contains("damaged zstd data") == true)
        for bufferSize in 1...(header.count + content.count) {
            #expect(ReadCapture(path: file.path, bufferSize: bufferSize) == whole)
        }
    }
}
