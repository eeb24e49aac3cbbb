/// What following TCP may cost. Memory stays bounded by these, whatever the capture holds.
public struct StreamLimits: Sendable {
    /// Flows followed at once; one more evicts the one that was silent longest.
    public var flows = 500_000
    /// Packet time without a packet after which a flow is evicted, in nanoseconds.
    public var idleTime: Int64 = 3_600_000_000_000
    /// Packet time for which a closed flow is remembered, so that late copies of its segments do not open a new one.
    public var lingerTime: Int64 = 120_000_000_000
    /// Closed flows that are remembered, one at least; beyond so many the one that was closed first is forgotten. So short
    /// connections leave no more behind than fits the processor's caches.
    public var closedFlows = 1 << 16
    /// Bytes held behind a hole, for each direction of each flow.
    public var heldBytesPerDirection = 4 << 20
    /// Bytes buffered after gaps, in all.
    public var heldBytes = 32 << 20
    /// Segments held behind a hole, for each direction of each flow: putting one among them takes time.
    public var heldSegmentsPerDirection = 8_192
    /// Bytes kept of segments that were passed on, in all, to compare retransmissions with: the latest, whoever sent them.
    /// They are allocated with the first segment; zero compares nothing.
    /// Of each segment the first 96 are kept: to copy more would take more time than it is worth.
    public var recentBytes = 128 << 10
    /// How many segments of its direction a retransmission is compared with.
    public var recentSegmentsCompared = 64
    /// Packet time that a flow must have been silent before a copy of its SYN opens a new connection, in nanoseconds:
    /// one that comes sooner was only sent twice.
    public var reopeningTime: Int64 = 1_000_000_000
    /// Packet time for which bytes that the peer has acknowledged may be late in the capture, in nanoseconds, before they are
    /// reported as missing: captures often hold packets out of order.
    public var patienceTime: Int64 = 2_000_000_000
    /// Bytes that may come behind such a hole before it is given up, for each direction of each flow.
    public var patienceBytes = 1 << 20
    /// Packet time for which what follows may show that a RST was not taken, in nanoseconds.
    public var doubtTime: Int64 = 30_000_000_000
    /// Flows that are in such doubt at once; of more, the one that was reset first is closed.
    public var doubtedFlows = 4_096
    /// Bytes that may come after a RST before it is believed, for each flow.
    public var doubtedBytes = 64 << 10

    /// Packet time within which a segment that comes again is a copy in the capture rather than sent again, in nanoseconds.
    static let copyTime: Int64 = 1_000_000

    /// Idle scans (and list re-queues) per idle timeout.
    static let silenceSteps: Int64 = 64

    public init() {}
}
