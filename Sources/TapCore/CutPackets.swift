/// Packets of which the capture holds only the first bytes, as those longer than its snapshot length.
public struct CutPackets: Equatable, Sendable, Codable {
    public private(set) var count: UInt64 = 0
    /// What the capture holds of the shortest and of the longest of them, in bytes.
    public private(set) var shortest = Int.max
    public private(set) var longest = 0

    public init() {}

    /// How many bytes the capture holds of each of them; `nil` where that differs, or there are none.
    public var length: Int? { shortest == longest ? longest : nil }

    @inline(never)
    package mutating func note(_ capturedLength: Int) {
        count += 1
        shortest = min(shortest, capturedLength)
        longest = max(longest, capturedLength)
    }

    package mutating func add(_ other: CutPackets) {
        count += other.count
        shortest = min(shortest, other.shortest)
        longest = max(longest, other.longest)
    }
}
