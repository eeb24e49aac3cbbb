import TapAnalysis

/// The part of a frame's payload that a record shows, and whether it is text.
package struct ShownPayload {
    /// Where it lies in the ``Observations/payloads``.
    let range: Range<Int>
    /// Whether it is valid UTF-8; a character that was cut at the end does not count, and is not shown.
    let isText: Bool
    /// Whether more of the payload was captured than is shown.
    let isTruncated: Bool

    /// Answers `nil` where the options want no payload.
    package init?(of frame: borrowing Frame, in observations: borrowing Observations, _ options: ReportOptions) {
        self.init(
            frame.payload, of: observations, isKnownText: frame.isKnownText, length: frame.header.payloadLength,
            captured: frame.capturedLength,
            options)
    }

    /// The same of what the payload inflates to, where it does. Answers `nil` where the options want no payload.
    init?(readable frame: borrowing Frame, in observations: borrowing Observations, _ options: ReportOptions) {
        guard !frame.inflated.isEmpty || frame.isInflatedToNothing else {
            self.init(of: frame, in: observations, options)
            return
        }
        self.init(inflated: frame, in: observations, options)
    }

    /// The part of what the payload inflates to that a record shows; `nil` where it does not, or where the options want no
    /// payload.
    package init?(inflated frame: borrowing Frame, in observations: borrowing Observations, _ options: ReportOptions) {
        guard frame.isInflated else { return nil }
        self.init(
            frame.inflated, of: observations, isKnownText: false, length: frame.inflatedLength,
            captured: frame.inflatedLength, options)
    }

    /// Answers `nil` where the options want no payload.
    init?(of message: borrowing Message, in observations: borrowing Observations, _ options: ReportOptions) {
        self.init(
            message.payload, of: observations, isKnownText: false, length: message.length, captured: message.length,
            options)
    }

    /// - Parameters:
    ///   - kept: what the analysis kept of the payload.
    ///   - captured: how many of the payload's `length` bytes the capture holds.
    private init?(
        _ kept: Range<Int>, of observations: borrowing Observations, isKnownText: Bool, length: UInt64,
        captured: UInt64, _ options: ReportOptions
    ) {
        let chosen: Range<Int>
        switch options.payload {
        case .none: return nil
        case .preview: chosen = kept.prefix(options.previewLength)
        case .full: chosen = kept
        }
        if isKnownText, chosen == kept {
            (range, isText, isTruncated) = (kept, true, UInt64(kept.count) < captured)
            return
        }
        let isCut = UInt64(chosen.count) < length
        let textLength = UTF8Text.validLength(of: observations.payloads.span.extracting(chosen), isCut: isCut)
        isText = textLength != nil
        range = chosen.prefix(textLength ?? chosen.count)
        isTruncated = UInt64(range.count) < captured
    }

    /// Its bytes, to keep.
    func bytes(of observations: Observations) -> ArraySlice<UInt8> { observations.payloads[range] }
}
