import TapWebSocket

/// Notices masking keys that cannot have been chosen at random. RFC 6455 §5.3.
struct MaskingKeys {
    enum Suspicion {
        case isZero
        case isRepeated

        var violation: Violation {
            switch self {
            case .isZero:
                Violation(.frameMaskingKeyZero, "the masking key is zero: the payload is not masked in earnest")
            case .isRepeated: Violation(.frameMaskingKeyRepeated, "the frame before had the same masking key")
            }
        }
    }

    /// The key of the last frame; zero where there was none, which no other key equals.
    private var last: UInt32 = 0

    /// The fast path of ``check(_:)``: takes a key that raises no suspicion, and does nothing where it may.
    mutating func accept(_ key: UInt32) -> Bool {
        guard key != 0, key != last else { return false }
        last = key
        return true
    }

    /// Looks at the key of a masked frame that holds payload.
    mutating func check(_ key: UInt32) -> Suspicion? {
        let previous = last
        last = key
        return key == 0 ? .isZero : key == previous ? .isRepeated : nil
    }
}
