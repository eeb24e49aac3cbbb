/// A value in a list, or all between two.
public struct FilterRange: Equatable, Sendable {
    public let first: FilterLiteral
    /// The same as `first` where it is a single value; it belongs to the range.
    public let last: FilterLiteral

    public init(_ first: FilterLiteral, _ last: FilterLiteral? = nil) {
        self.first = first
        self.last = last ?? first
    }
}

extension FilterRange: CustomStringConvertible {
    public var description: String { first == last ? first.description : "\(first)..\(last)" }
}
