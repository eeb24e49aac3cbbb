import CZlib
import Glibc

/// Decodes gzip: any number of members one after the other (RFC 1952 §2.2), and zeros after them, which tapes add.
final class GzipDecoder: Decoder {
    /// zlib's state points back to it, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var hasEnded = false

    init() throws(CaptureFault) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for a gzip header with its checksum.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw CaptureFault(.system(SystemError(code: ENOMEM)))
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep {
        if hasEnded {
            let padding = input.prefix { $0 == 0 }.count
            guard padding == 0 else { return DecoderStep(consumed: padding, produced: 0, state: .ended) }
            inflateReset(stream)
            hasEnded = false
        }
        let (taken, room) = (min(input.count, Int(Int32.max)), min(output.count, Int(Int32.max)))
        // zlib does not write to its input, whatever the type says.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(taken)
        stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(room)
        let status = inflate(stream, Z_NO_FLUSH)
        let consumed = taken - Int(stream.pointee.avail_in)
        let produced = room - Int(stream.pointee.avail_out)
        hasEnded = status == Z_STREAM_END
        return DecoderStep(consumed: consumed, produced: produced, state: state(status))
    }

    private func state(_ status: Int32) -> DecoderStep.State {
        switch status {
        case Z_STREAM_END: .ended
        case Z_OK, Z_BUF_ERROR: .inside(wanted: nil)
        case Z_NEED_DICT: .failed("it needs a dictionary")
        case Z_MEM_ERROR: .failed("there is no memory for it")
        default: .failed(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
        }
    }
}
