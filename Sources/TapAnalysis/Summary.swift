import TapBytes
import TapPackets
import TapWebSocket

/// Totals over the whole capture.
public struct Summary: Sendable {
    public var packets: UInt64 = 0
    /// Captured bytes of all packets, with their headers.
    public var bytes: UInt64 = 0
    public var firstTime: Timestamp?
    public var lastTime: Timestamp?
    /// TCP connections, of any kind.
    public var flows = 0
    public var connections = 0
    public var frames: UInt64 = 0
    public var messages: UInt64 = 0
    public var handshakes: [Verdict: Int] = [:]
    public var findings: [FindingID: Int] = [:]
    public var otherPackets = OtherPackets()
    /// IP packets of which fragments are missing.
    public var incompletePackets = 0
    /// TCP connections that were given up because a limit on all of them was reached.
    public var flowsGivenUp = 0
    /// When connections were cut.
    public var cuts = CutStatistics()
    /// What passed a display filter; `nil` where there is none. All else counts what there was.
    public var shown: ShownTotals?

    public init() {}

    /// Adds what was counted of other connections of the same capture.
    mutating func add(_ other: Summary) {
        packets += other.packets
        bytes += other.bytes
        firstTime = firstTime ?? other.firstTime
        lastTime = lastTime ?? other.lastTime
        flows += other.flows
        connections += other.connections
        frames += other.frames
        messages += other.messages
        handshakes.merge(other.handshakes, uniquingKeysWith: +)
        findings.merge(other.findings, uniquingKeysWith: +)
        otherPackets.add(other.otherPackets)
        incompletePackets += other.incompletePackets
        flowsGivenUp += other.flowsGivenUp
        cuts.add(other.cuts)
    }

    /// Counts packets that lie between two of them.
    mutating func count(first: PacketHeader, last: PacketHeader, count: Int, capturedLength: Int) {
        packets += UInt64(count)
        bytes += UInt64(capturedLength)
        firstTime = firstTime ?? first.timestamp
        lastTime = last.timestamp
    }

    @inlinable
    mutating func count(_ packet: borrowing PacketHeader, capturedLength: Int) {
        packets += 1
        bytes += UInt64(capturedLength)
        if firstTime == nil { firstTime = packet.timestamp }
        lastTime = packet.timestamp
    }
}
