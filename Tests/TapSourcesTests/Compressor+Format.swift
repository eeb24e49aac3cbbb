import TapSources
import TapTestSupport

extension Compressor {
    /// What the program writes.
    var format: CompressionFormat {
        switch self {
        case .gzip, .gzipFastest: .gzip
        case .zstd, .zstdWithoutChecksum, .zstdLong: .zstd
        case .lz4, .lz4Linked, .lz4WithSize: .lz4
        case .xz, .xzBlocks: .xz
        case .bzip2, .bzip2Smallest: .bzip2
        }
    }
}
