import TapWebSocket

/// Notices masking keys that cannot have been chosen at random. RFC 6455 §5.3.
struct MaskingKeys {
    private var last: UInt32?
    private var isZeroTold = false
    private var isRepetitionTold = false

    /// The short way of ``check(_:)``: takes a key that raises no suspicion, and does nothing where it may.
    mutating func accept(_ key: UInt32) -> Bool {
        guard key != 0, key != last else { return false }
        last = key
        return true
    }

    /// Looks at a masked frame that holds payload; each suspicion is told once.
    mutating func check(_ header: FrameHeader) -> Violation? {
        let key = header.maskingKey
        let previous = last
        last = key
        if key == 0 {
            guard !isZeroTold else { return nil }
            isZeroTold = true
            return Violation(.frameMaskingKeyZero, "the masking key is zero: the payload is not masked in earnest")
        }
        guard key == previous, !isRepetitionTold else { return nil }
        isRepetitionTold = true
        return Violation(.frameMaskingKeyRepeated, "the frame before had the same masking key")
    }
}
