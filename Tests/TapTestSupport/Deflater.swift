import CZlib

/// Compresses messages as a peer that has agreed on permessage-deflate does. RFC 7692 §7.2.1.
package final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let takesOver: Bool

    /// - Parameters:
    ///   - windowBits: 8 to 15. zlib gives no window of 8 bits, but with 9 it refers no further back than that.
    ///   - takesOver: whether messages refer to those before them.
    package init(windowBits: Int = 15, takesOver: Bool = true, level: Int32 = 6) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.takesOver = takesOver
        let size = Int32(MemoryLayout<z_stream>.size)
        let bits = -Int32(max(9, windowBits))
        let status = deflateInit2_(stream, level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        precondition(status == Z_OK, "zlib status \(status)")
    }

    deinit {
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// One message, without the tail that each would have.
    package func message(_ bytes: [UInt8]) -> [UInt8] {
        let whole = flushed(bytes, Z_SYNC_FLUSH)
        if !takesOver { deflateReset(stream) }
        // There is nothing to flush where nothing was sent before and nothing is now. RFC 7692 §7.2.3.6.
        return whole.isEmpty ? [0] : Array(whole.dropLast(4))
    }

    package func message(_ text: String) -> [UInt8] { message(Array(text.utf8)) }

    /// A part of a message that ends with a flush, whose tail stays.
    package func part(_ bytes: [UInt8]) -> [UInt8] { flushed(bytes, Z_SYNC_FLUSH) }

    /// The rest of a message, ended by a block with BFINAL set. RFC 7692 §7.2.3.4.
    package func final(_ bytes: [UInt8]) -> [UInt8] {
        defer { deflateReset(stream) }
        return flushed(bytes, Z_FINISH)
    }

    private func flushed(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
        var input = bytes
        var output: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 << 10)
        input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(input.count)
            repeat {
                let count = room.withUnsafeMutableBufferPointer { room in
                    stream.pointee.next_out = room.baseAddress
                    stream.pointee.avail_out = UInt32(room.count)
                    _ = deflate(stream, flush)
                    return room.count - Int(stream.pointee.avail_out)
                }
                output += room[..<count]
            } while stream.pointee.avail_out == 0
        }
        return output
    }
}
