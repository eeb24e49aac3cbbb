import TapCore
import TapWebSocket

/// Totals over the whole capture.
public struct Summary: FindingCounts, Sendable, Codable {
    public var packets: UInt64 = 0
    /// Captured bytes of all packets, with their headers.
    public var bytes: UInt64 = 0
    /// The earliest time of a packet, and the latest.
    public var firstTime: Timestamp?
    public var lastTime: Timestamp?
    /// TCP connections, of any kind.
    public var flows = 0
    public var connections = 0
    /// How many of the connections are copies of others, as a capture on both sides of a port has them.
    public var copies = 0
    /// How many of the connections are second legs: what a proxy made of another connection.
    public var secondLegs = 0
    /// How many connections have another leg, which their ends do not say because a limit was reached.
    public var pairsGivenUp = 0
    public var frames: UInt64 = 0
    public var messages: UInt64 = 0
    public var handshakes: [Verdict: Int] = [:]
    public var findings: [FindingID: Int] = [:]
    public var notes: [FindingID: Int] = [:]
    public var otherPackets = OtherPackets()
    /// What could not be read of the packets, and what of the connections.
    public var unread = Unread()
    /// How many connections of TLS were read.
    public var tls = TLSTotals()
    /// How many connections of QUIC there were.
    public var quic = TLSTotals()
    /// What connections of HTTP/2 carried.
    public var http2 = HTTP2Totals()
    /// What connections of HTTP/3 carried.
    public var http3 = HTTP2Totals()
    /// Why inputs could not be read, or not to their ends; whoever reads them knows.
    public var faults: [String] = []
    /// IP packets of which fragments are missing.
    public var incompletePackets = 0
    /// TCP connections that were given up because a limit on all of them was reached.
    public var flowsGivenUp = 0
    /// When connections were cut.
    public var cuts = CutStatistics()
    /// What passed a display filter; `nil` if absent. All else counts what there was.
    public var shown: ShownTotals?

    public init() {}

    /// How many connections there were, each counted once however often the capture holds it, and over however many legs it went.
    public var exchanges: Int { connections - copies - secondLegs }

    /// Counts what was found by comparing handshakes.
    mutating func noteBetween(_ violation: Violation) {
        findings[violation.id, default: 0] += 1
        if violation.id == .captureDuplicated { copies += 1 }
    }

    /// Counts a connection that a proxy passed on.
    mutating func noteSecondLeg(_ second: ConnectionID, of first: ConnectionID) {
        secondLegs += 1
        cuts.noteSecondLeg(second, of: first)
    }

    /// How many connections of any verdict there were.
    /// - Parameter handshakesOnly: whether those count for nothing whose handshakes were not captured.
    public func judged(handshakesOnly: Bool) -> Int {
        handshakes.reduce(0) { $0 + (handshakesOnly && $1.key == .midstream ? 0 : $1.value) }
    }

    /// Adds what was counted of other connections of the same capture.
    mutating func add(_ other: Summary) {
        packets += other.packets
        bytes += other.bytes
        firstTime = [firstTime, other.firstTime].compactMap(\.self).min()
        lastTime = [lastTime, other.lastTime].compactMap(\.self).max()
        flows += other.flows
        connections += other.connections
        copies += other.copies
        secondLegs += other.secondLegs
        pairsGivenUp += other.pairsGivenUp
        frames += other.frames
        messages += other.messages
        handshakes.merge(other.handshakes, uniquingKeysWith: +)
        findings.merge(other.findings, uniquingKeysWith: +)
        notes.merge(other.notes, uniquingKeysWith: +)
        otherPackets.add(other.otherPackets)
        unread.add(other.unread)
        tls.add(other.tls)
        quic.add(other.quic)
        http2.add(other.http2)
        http3.add(other.http3)
        incompletePackets += other.incompletePackets
        flowsGivenUp += other.flowsGivenUp
        cuts.add(other.cuts)
    }

    /// Counts packets whose contents others have looked at.
    mutating func count(_ packets: PacketTotals) {
        guard packets.count > 0 else { return }
        self.packets += packets.count
        bytes += packets.bytes
        firstTime = min(firstTime ?? packets.earliest, packets.earliest)
        lastTime = max(lastTime ?? packets.latest, packets.latest)
        unread.cuts.add(packets.cuts)
    }

    @inline(__always)
    mutating func count(_ packet: borrowing PacketHeader, capturedLength: Int) {
        packets += 1
        bytes += UInt64(capturedLength)
        if capturedLength < packet.originalLength { unread.cuts.note(capturedLength) }
        let time = packet.timestamp
        guard let lastTime, time >= lastTime else { return noteTime(time) }
        self.lastTime = time
    }

    /// The first packet, or one that is earlier than another before it.
    @inline(never)
    private mutating func noteTime(_ time: Timestamp) {
        firstTime = min(firstTime ?? time, time)
        lastTime = max(lastTime ?? time, time)
    }
}
