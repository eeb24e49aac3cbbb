/// What may be done to a field before it is looked at.
public enum FilterFunction: String, CaseIterable, Sendable {
    /// All letters small.
    case lower
    /// All letters capital.
    case upper
    /// The length of a text or of bytes, in bytes.
    case len

    /// The type of the result; `nil` where the function makes no sense.
    func result(of type: FilterType) -> FilterType? {
        switch self {
        case .lower, .upper: type.holdsText ? .text : nil
        case .len: type.holdsBytes ? .number : nil
        }
    }

    func apply(to value: ArraySlice<UInt8>) -> FilterValue {
        switch self {
        case .len: .number(value.count)
        case .lower: .text(FilterFunction.mapped(value, 0x41...0x5A) { $0.lowercased() })
        case .upper: .text(FilterFunction.mapped(value, 0x61...0x7A) { $0.uppercased() })
        }
    }

    /// ASCII needs no more than another bit.
    private static func mapped(
        _ text: ArraySlice<UInt8>, _ letters: ClosedRange<UInt8>, _ map: (String) -> String
    ) -> ArraySlice<UInt8> {
        guard text.allSatisfy({ $0 < 0x80 }) else { return Array(map(String(decoding: text, as: UTF8.self)).utf8)[...] }
        return text.map { letters.contains($0) ? $0 ^ 0x20 : $0 }[...]
    }
}
