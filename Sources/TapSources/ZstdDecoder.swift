import CZstd
import Glibc

/// Decodes zstd: any number of frames one after the other, skippable ones too (RFC 8878 §3).
final class ZstdDecoder: Decoder {
    private static let blockHeaderLength = 3

    private let context: OpaquePointer

    init() throws(CaptureFault) {
        guard let context = ZSTD_createDCtx() else { throw CaptureFault(.system(SystemError(code: ENOMEM))) }
        self.context = context
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, CaptureLimits.zstdWindowBits)
    }

    deinit { ZSTD_freeDCtx(context) }

    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let hint = ZSTD_decompressStream(context, &target, &source)
        return DecoderStep(consumed: source.pos, produced: target.pos, state: state(hint))
    }

    /// What libzstd asks for is a block and the header after it.
    private func state(_ hint: Int) -> DecoderStep.State {
        if ZSTD_isError(hint) != 0 { return .failed(String(cString: ZSTD_getErrorName(hint))) }
        let header = ZstdDecoder.blockHeaderLength
        return hint == 0 ? .ended : .inside(wanted: hint > header ? hint - header : hint)
    }
}
