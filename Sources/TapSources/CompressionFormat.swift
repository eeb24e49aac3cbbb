import TapCore

/// How a capture file may be compressed, as its first bytes tell.
package enum CompressionFormat: Sendable, CaseIterable {
    case gzip
    case zstd
    case lz4
    case xz
    case bzip2

    package var name: String {
        switch self {
        case .gzip: "gzip"
        case .zstd: "zstd"
        case .lz4: "lz4"
        case .xz: "xz"
        case .bzip2: "bzip2"
        }
    }

    /// `magic` is the first four bytes as a big-endian number.
    init?(magic: UInt32) {
        switch magic {
        case 0x1F8B_0800...0x1F8B_08FF: self = .gzip
        case 0x28B5_2FFD: self = .zstd
        case 0x0422_4D18: self = .lz4
        case 0xFD37_7A58: self = .xz
        case 0x425A_6831...0x425A_6839: self = .bzip2
        default: return nil
        }
    }

    /// Frames of bytes for somebody else, which zstd and lz4 pass over; pzstd writes one before each of its frames.
    static func isSkippable(magic: UInt32) -> Bool { magic & 0xF0FF_FFFF == 0x502A_4D18 }

    /// The program behind a compression that is only recognised.
    static func otherProgram(magic: UInt32) -> String? {
        switch magic {
        case 0x0221_4C18: "lz4 in its legacy format"
        case _: CompressionFormat(magic: magic)?.name
        }
    }

    func makeDecoder() throws(CaptureFault) -> any Decoder {
        switch self {
        case .gzip: try GzipDecoder()
        case .zstd: try ZstdDecoder()
        case .lz4: try LZ4Decoder()
        case .xz: try SteadyDecoder(XzDecoder())
        case .bzip2: try SteadyDecoder(Bzip2Decoder())
        }
    }
}
