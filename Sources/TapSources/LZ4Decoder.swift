import CLz4
import Glibc

/// Decodes the frame format of lz4: any number of frames one after the other, skippable ones too.
final class LZ4Decoder: Decoder {
    private static let blockHeaderLength = 4

    private let context: OpaquePointer

    init() throws(CaptureFault) {
        var context: OpaquePointer?
        guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0, let context else {
            throw CaptureFault(.system(SystemError(code: ENOMEM)))
        }
        self.context = context
    }

    deinit { LZ4F_freeDecompressionContext(context) }

    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecoderStep {
        var (consumed, produced) = (input.count, output.count)
        let hint = LZ4F_decompress(context, output.baseAddress, &produced, input.baseAddress, &consumed, nil)
        let state = state(hint)
        if case .failed = state { return DecoderStep(consumed: 0, produced: 0, state: state) }
        return DecoderStep(consumed: consumed, produced: produced, state: state)
    }

    /// What liblz4 asks for is a block and the header after it.
    private func state(_ hint: Int) -> DecoderStep.State {
        if LZ4F_isError(hint) != 0 { return .failed(LZ4Decoder.words(String(cString: LZ4F_getErrorName(hint)))) }
        let header = LZ4Decoder.blockHeaderLength
        return hint == 0 ? .ended : .inside(wanted: hint > header ? hint - header : hint)
    }

    /// `ERROR_headerChecksum_invalid` as “headerChecksum invalid”.
    private static func words(_ name: String) -> String {
        let name = name.hasPrefix("ERROR_") ? name.dropFirst(6) : name[...]
        return String(name.map { $0 == "_" ? " " : $0 })
    }
}
