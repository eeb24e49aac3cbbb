import TapAnalysis
import TapWebSocket

/// What a report in HTML holds of a frame's payload: what it inflates to where it does, what a close frame says in words,
/// all else as on the wire.
struct HTMLPayload {
    private(set) var bytes: ArraySlice<UInt8>
    private(set) var isText: Bool
    private(set) var isCut: Bool

    init(_ frame: Frame, in observations: Observations, _ options: ReportOptions, limit: Int) {
        guard options.payload != .none else {
            (bytes, isText, isCut) = ([], true, false)
            return
        }
        if let close = frame.close {
            (bytes, isText, isCut) = (Array(close.sentence.utf8)[...], true, false)
            return
        }
        let inflated = observations.inflated(of: frame)
        let isWire = inflated.isEmpty && !frame.isInflatedToNothing
        let kept = isWire ? observations.payload(of: frame) : inflated
        let length = isWire ? frame.header.payloadLength : frame.inflatedLength
        let chosen = kept.prefix(options.payload == .preview ? min(limit, options.previewLength) : limit)
        let textLength = UTF8Text.validLength(of: chosen, isCut: UInt64(chosen.count) < length)
        isText = textLength != nil && !UTF8Text.hasControls(chosen)
        bytes = isText ? chosen.prefix(textLength ?? 0) : chosen
        isCut = UInt64(bytes.count) < length
    }

    /// Leaves it out, because there is no more room.
    mutating func clear() {
        isCut = isCut || !bytes.isEmpty
        bytes = []
    }
}
