import TapAnalysis

/// The part of a frame's payload that a record shows, and whether it is text.
struct ShownPayload {
    let bytes: ArraySlice<UInt8>
    /// Whether it is valid UTF-8; a character that was cut at the end does not count, and is not shown.
    let isText: Bool
    /// Whether more of the payload was captured than is shown.
    let isTruncated: Bool

    /// Answers `nil` where the options want no payload.
    init?(of frame: Frame, in observations: Observations, _ options: ReportOptions) {
        self.init(
            observations.payload(of: frame), length: frame.header.payloadLength, captured: frame.capturedLength,
            options)
    }

    /// Answers `nil` where the options want no payload.
    init?(of message: Message, in observations: Observations, _ options: ReportOptions) {
        self.init(
            observations.payload(of: message), length: message.length, captured: message.length, options)
    }

    /// - Parameters:
    ///   - kept: what the analysis kept of the payload.
    ///   - captured: how many of the payload's `length` bytes the capture holds.
    private init?(_ kept: ArraySlice<UInt8>, length: UInt64, captured: UInt64, _ options: ReportOptions) {
        let chosen: ArraySlice<UInt8>
        switch options.payload {
        case .none: return nil
        case .preview: chosen = kept.prefix(options.previewLength)
        case .full: chosen = kept
        }
        let isCut = UInt64(chosen.count) < length
        let textLength = UTF8Text.validLength(of: chosen, isCut: isCut)
        isText = textLength != nil
        bytes = chosen.prefix(textLength ?? chosen.count)
        isTruncated = UInt64(bytes.count) < captured
    }
}
