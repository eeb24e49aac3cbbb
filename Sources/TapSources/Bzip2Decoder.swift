import CBzip2
import Glibc

/// Decodes bzip2: any number of streams one after the other.
final class Bzip2Decoder: Decoder {
    /// libbz2's state points back to it, so it must not move.
    private let stream: UnsafeMutablePointer<bz_stream>
    private var hasEnded = false

    init() throws(CaptureFault) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            throw CaptureFault(.system(SystemError(code: ENOMEM)))
        }
    }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
    }

    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep {
        if hasEnded {
            BZ2_bzDecompressEnd(stream)
            stream.pointee = bz_stream()
            guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
                return DecoderStep(consumed: 0, produced: 0, state: .failed("there is no memory for it"))
            }
            hasEnded = false
        }
        let (taken, room) = (min(input.count, Int(Int32.max)), min(output.count, Int(Int32.max)))
        // libbz2 does not write to its input, whatever the type says.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: CChar.self).baseAddress)
        stream.pointee.avail_in = UInt32(taken)
        stream.pointee.next_out = output.assumingMemoryBound(to: CChar.self).baseAddress
        stream.pointee.avail_out = UInt32(room)
        let status = BZ2_bzDecompress(stream)
        hasEnded = status == BZ_STREAM_END
        return DecoderStep(
            consumed: taken - Int(stream.pointee.avail_in), produced: room - Int(stream.pointee.avail_out),
            state: state(status))
    }

    private func state(_ status: Int32) -> DecoderStep.State {
        switch status {
        case BZ_STREAM_END: .ended
        case BZ_OK: .inside(wanted: nil)
        case BZ_MEM_ERROR: .failed("there is no memory for it")
        case BZ_DATA_ERROR_MAGIC: .failed("not the beginning of a stream")
        case BZ_DATA_ERROR: .failed("it contradicts itself, or its checksum")
        default: .failed("libbz2 status \(status)")
        }
    }
}
