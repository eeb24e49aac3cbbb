import CZlib
import TapCore

/// Undoes the content codings of HTTP that are DEFLATE. RFC 9110 §8.4.1.
package enum ContentCoding {
    case gzip
    case deflate

    package init?(named name: some StringProtocol) {
        switch name.lowercased() {
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        default: return nil
        }
    }

    /// Inflates what there is of a body, up to `limit` bytes.
    /// - Returns: what came of it, and whether that is all; `nil` where nothing did.
    package func inflate(_ bytes: [UInt8], upTo limit: Int) -> (bytes: [UInt8], isWhole: Bool)? {
        for windowBits in windowBits {
            let result = ContentCoding.inflate(bytes, windowBits, upTo: limit)
            if result.isWhole || !result.bytes.isEmpty { return result }
        }
        return nil
    }

    /// As zlib wants to be told what surrounds DEFLATE. Many send `deflate` without what RFC 1950 puts around it.
    private var windowBits: [Int32] {
        switch self {
        case .gzip: [16 + MAX_WBITS]
        case .deflate: [MAX_WBITS, -MAX_WBITS]
        }
    }

    private static func inflate(
        _ bytes: [UInt8], _ windowBits: Int32, upTo limit: Int
    ) -> (bytes: [UInt8], isWhole: Bool) {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, size) == Z_OK else { return ([], false) }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: limit)
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(clamping: input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(clamping: output.count)
                return CZlib.inflate(&stream, Z_SYNC_FLUSH)
            }
        }
        return (Array(output[..<(limit - Int(stream.avail_out))]), status == Z_STREAM_END)
    }
}
