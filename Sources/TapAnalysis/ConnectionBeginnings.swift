import TapCore
import TapTransport

/// Where the TCP connections begin that use the same endpoints one after the other, in one network.
struct ConnectionBeginnings: Sendable {
    /// The packets with which they begin, in order once all are known.
    private var packets: [PacketNumber] = []
    /// The SYN that waits for its answer: its sequence number and its packet.
    private var waiting: (number: SequenceNumber, packet: PacketNumber)?
    /// The sequence numbers of those that were answered: a late copy begins nothing.
    private var answered: Set<UInt32> = []
    /// How many connections had begun at the handshakes that were chosen.
    private var chosen: Set<Int> = []

    init() {}

    mutating func note(syn number: SequenceNumber, in packet: PacketNumber) {
        if waiting?.number != number { waiting = (number, packet) }
    }

    /// Whether a segment acknowledges the SYN that waits.
    func isAnswered(by segment: TCPSegment) -> Bool {
        waiting.map { $0.number.advanced(by: 1) == segment.acknowledgmentNumber } ?? false
    }

    /// Takes up what may be the answer.
    mutating func noteAnswer(_ segment: TCPSegment) {
        guard let waiting, isAnswered(by: segment), answered.insert(waiting.number.rawValue).inserted else { return }
        packets.append(waiting.packet)
    }

    mutating func finish() { packets.sort { $0.rawValue < $1.rawValue } }

    mutating func choose(_ packet: PacketNumber) { chosen.insert(count(upTo: packet)) }

    /// Whether any connection was chosen.
    var isChosen: Bool { !chosen.isEmpty }

    /// Whether a packet belongs to a connection that was chosen.
    func contains(_ packet: PacketNumber) -> Bool { chosen.contains(count(upTo: packet)) }

    /// How many connections had begun at a packet.
    private func count(upTo packet: PacketNumber) -> Int {
        var (low, high) = (0, packets.count)
        while low < high {
            let middle = (low + high) / 2
            if packets[middle].rawValue <= packet.rawValue { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
