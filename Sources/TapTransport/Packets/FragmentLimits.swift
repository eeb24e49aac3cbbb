/// What putting fragments together may cost. Memory stays bounded by these, whatever the capture holds.
public struct FragmentLimits: Sendable {
    /// IP packets of which some fragments have been seen; one more drops the oldest.
    public var packets = 16_384
    /// Bytes held of incomplete packets; more drop the oldest.
    public var heldBytes = 16 << 20
    /// Packet time from the first fragment after which a packet is given up, in nanoseconds. What Linux waits.
    public var patienceTime: Int64 = 30_000_000_000
    /// Packet time for which a packet that was put together is remembered, in nanoseconds, so that a second copy of its
    /// fragments, as captures of several interfaces have them, does not become a part of a later packet.
    public var lingerTime: Int64 = 1_000_000_000

    public init() {}
}
