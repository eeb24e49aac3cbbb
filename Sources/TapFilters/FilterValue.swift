import TapCore

/// A value that a field has.
enum FilterValue: Equatable {
    case number(UInt64)
    case boolean(Bool)
    case seconds(Int64)
    /// A number in JSON.
    case decimal(Double)
    case text(ArraySlice<UInt8>)
    case bytes(ArraySlice<UInt8>)
    case address(IPAddress)
    /// The place of a name in the list of its type.
    case name(Int)

    static func text(_ text: String) -> FilterValue { .text(Array(text.utf8)[...]) }
    static func number(_ number: Int) -> FilterValue { .number(UInt64(clamping: number)) }
}
