/// A TCP sequence number: a place on a circle of 2^32 bytes, hence not `Comparable`. RFC 9293 §3.4.
@usableFromInline
package struct SequenceNumber: Hashable, Sendable, Codable {
    @usableFromInline package let rawValue: UInt32

    @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// How far `other` lies ahead of `self`; negative when it lies behind.
    @inlinable
    package func distance(to other: SequenceNumber) -> Int { Int(Int32(bitPattern: other.rawValue &- rawValue)) }

    @inlinable
    package func advanced(by count: Int) -> SequenceNumber {
        SequenceNumber(rawValue &+ UInt32(truncatingIfNeeded: count))
    }
}
