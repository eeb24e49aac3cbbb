/// A packet's place in the capture, counted from 1 as Wireshark's `frame.number` is.
public struct PacketNumber: Hashable, Comparable, Sendable, Codable {
    public var rawValue: UInt64

    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    @inlinable
    public static func < (left: PacketNumber, right: PacketNumber) -> Bool { left.rawValue < right.rawValue }
}
