/// What is wrong with a filter, and where.
public struct FilterError: Error, Equatable {
    /// One line, without the filter itself. It may quote what was typed.
    public let reason: String
    /// Where it is wrong, in UTF-8 code units of the filter; empty where something is missing.
    public let range: Range<Int>

    init(_ reason: String, at range: Range<Int>) {
        self.reason = reason
        self.range = range
    }
}
