import CZlib

/// Compresses one direction of a connection as permessage-deflate does, with context takeover and the window of 32 KiB that
/// nearly all peers agree on. RFC 7692 §7.2.1.
@safe final class Deflater {
    // zlib keeps a pointer to its stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 4, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib refuses constant parameters only when memory is out")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The compressed message, without the 00 00 FF FF it ends in.
    func compress(_ message: [UInt8]) -> [UInt8] {
        var message = message
        // Room for the worst case, so that one call does it: `deflateBound`, and the flush marker.
        let bound = unsafe Int(deflateBound(stream, UInt(message.count))) + 16
        var output = unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            unsafe message.withUnsafeMutableBufferPointer { input in
                unsafe stream.pointee.next_in = input.baseAddress
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(output.count)
                let status = unsafe deflate(stream, Z_SYNC_FLUSH)
                unsafe count = output.count - Int(stream.pointee.avail_out)
                precondition(status == Z_OK && count < bound, "the output has room")
            }
        }
        output.removeLast(4)
        return output
    }
}
