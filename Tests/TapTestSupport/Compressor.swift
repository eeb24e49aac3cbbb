import Foundation

/// The programs that compress, as an oracle for what is decompressed.
package enum Compressor: String, CaseIterable, Sendable {
    case gzip
    case gzipFastest = "gzip -1"
    case zstd
    case zstdWithoutChecksum = "zstd --no-check -19"
    case zstdLong = "zstd --long=27"
    case lz4
    case lz4Linked = "lz4 -BD -B4 -BX"
    case lz4WithSize = "lz4 -9 --content-size --no-frame-crc"
    case xz
    case xzBlocks = "xz -1 --block-size=1000 --check=crc32"
    case bzip2
    case bzip2Smallest = "bzip2 -1"

    /// What the program makes of `bytes`, read from a file so that it may know the length beforehand.
    package func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        let (input, output) = (try TemporaryFile(bytes), try TemporaryFile())
        try Compressor.shell("\(rawValue) -c '\(input.path)' > '\(output.path)'")
        return try output.contents()
    }

    package static func shell(_ line: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(line: line) }
    }

    package struct Failed: Error { package let line: String }
}
