/// Notices masking keys that cannot have been chosen at random. RFC 6455 §5.3.
@usableFromInline
package struct MaskingKeys {
    package enum Suspicion {
        case isZero
        case isRepeated

        package var violation: Violation {
            switch self {
            case .isZero:
                Violation(.frameMaskingKeyZero, "the masking key is zero: the payload is sent in the clear")
            case .isRepeated: Violation(.frameMaskingKeyRepeated, "the frame before had the same masking key")
            }
        }
    }

    /// The key of the last frame; zero if absent, which no valid key equals.
    @usableFromInline var last: UInt32 = 0

    package init() {}

    /// The fast path of ``check(_:)``: takes a key that raises no suspicion, and does nothing where it may.
    @inlinable
    package mutating func accept(_ key: UInt32) -> Bool {
        guard key != 0, key != last else { return false }
        last = key
        return true
    }

    /// Looks at the key of a masked frame that holds payload.
    package mutating func check(_ key: UInt32) -> Suspicion? {
        let previous = last
        last = key
        return key == 0 ? .isZero : key == previous ? .isRepeated : nil
    }
}
