import CLzma
import Glibc

/// Decodes xz: any number of streams one after the other, with zeros between them and at the end. The .xz File Format §1 and §2.
final class XzDecoder: Decoder {
    /// liblzma keeps the address of what it decodes, so it must not move.
    private let stream: UnsafeMutablePointer<lzma_stream>
    private var hasEnded = false

    init() throws(CaptureFault) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        guard begin() == LZMA_OK else { throw CaptureFault(.system(SystemError(code: ENOMEM))) }
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep {
        if hasEnded {
            let padding = input.prefix { $0 == 0 }.count
            guard padding == 0 else { return DecoderStep(consumed: padding, produced: 0, state: .ended) }
            guard begin() == LZMA_OK else {
                return DecoderStep(consumed: 0, produced: 0, state: .failed("there is no memory for it"))
            }
            hasEnded = false
        }
        stream.pointee.next_in = input.assumingMemoryBound(to: UInt8.self).baseAddress
        stream.pointee.avail_in = input.count
        stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
        stream.pointee.avail_out = output.count
        let status = lzma_code(stream, LZMA_RUN)
        hasEnded = status == LZMA_STREAM_END
        return DecoderStep(
            consumed: input.count - stream.pointee.avail_in, produced: output.count - stream.pointee.avail_out,
            state: state(status))
    }

    /// Begins a stream, also where one has ended.
    private func begin() -> lzma_ret { lzma_stream_decoder(stream, CaptureLimits.xzMemory, 0) }

    private func state(_ status: lzma_ret) -> DecoderStep.State {
        switch status {
        case LZMA_STREAM_END: .ended
        case LZMA_OK, LZMA_BUF_ERROR: .inside(wanted: nil)
        case LZMA_MEM_ERROR: .failed("there is no memory for it")
        case LZMA_MEMLIMIT_ERROR: .failed("it takes too much memory")
        case LZMA_FORMAT_ERROR: .failed("not the beginning of a stream")
        case LZMA_OPTIONS_ERROR: .failed("it has options that are not known")
        case LZMA_DATA_ERROR: .failed("it contradicts itself, or its checksum")
        default: .failed("liblzma status \(status.rawValue)")
        }
    }
}
