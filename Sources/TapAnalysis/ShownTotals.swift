import TapWebSocket

/// What of a capture passed a display filter.
public struct ShownTotals: FindingCounts, Equatable, Sendable, Codable {
    /// The filter, in one way of writing.
    public package(set) var filter: String
    public var connections = 0
    public var frames: UInt64 = 0
    public var messages: UInt64 = 0
    public var findings: [FindingID: Int] = [:]
    public var notes: [FindingID: Int] = [:]
    /// Texts about which a regular expression gave no answer within its limits; they count as not matching.
    public var givenUp: UInt64 = 0
    /// Frames that were looked at before their message was over, because it took too long.
    public var framesWithoutMessage: UInt64 = 0

    /// For how many records the filter held only because they have no value of a field, by the field's name.
    public var absent: [String: UInt64] = [:]

    package init(filter: String) { self.filter = filter }
}
