import TapCore
import TapTransport

/// In which networks the two directions of connections with the same endpoints were seen, and which belong together: the way back
/// may lead over another network than the way there, and a way may change.
struct NetworkWays: Sendable {
    private struct Way: Hashable {
        let network: NetworkID
        let isFromFirst: Bool
    }

    /// What was seen on a way.
    private struct Course {
        let first: SequenceNumber
        let firstPacket: PacketNumber
        var end: SequenceNumber
        var lastPacket: PacketNumber
        /// The network of the SYN that a segment on this way answered.
        var home: NetworkID?
        /// Whether a connection begins on this way.
        var hasBeginning: Bool
    }

    private var courses: [Way: Course] = [:]
    private var homes: [Way: NetworkID] = [:]

    init() {}

    var all: [(network: NetworkID, isFromFirst: Bool)] { courses.keys.map { ($0.network, $0.isFromFirst) } }

    mutating func note(_ segment: TCPSegment, in packet: PacketNumber) {
        let way = Way(network: segment.network, isFromFirst: segment.isFromFirst)
        let fresh = Course(
            first: segment.payloadStart, firstPacket: packet, end: segment.payloadEnd, lastPacket: packet, home: nil,
            hasBeginning: false)
        courses[way, default: fresh].end = segment.payloadEnd
        courses[way]?.lastPacket = packet
        if segment.flags.contains(.syn) { courses[way]?.hasBeginning = true }
    }

    /// A segment answers the SYN of another network.
    mutating func bind(_ segment: TCPSegment, to network: NetworkID) {
        courses[Way(network: segment.network, isFromFirst: segment.isFromFirst)]?.home = network
    }

    /// All segments are known.
    mutating func finish() {
        for (way, course) in courses { homes[way] = course.home ?? origin(of: way, course) ?? way.network }
        let unpaired = courses.keys.filter { homes[$0] == $0.network && isAlone($0) }
        let (there, back) = (unpaired.filter(\.isFromFirst), unpaired.filter { !$0.isFromFirst })
        // Of more it cannot be told which belong together.
        if there.count == 1, back.count == 1 { homes[back[0]] = there[0].network }
    }

    /// The network that stands for the connections of which a way is a part.
    func home(of network: NetworkID, isFromFirst: Bool) -> NetworkID {
        let next = homes[Way(network: network, isFromFirst: isFromFirst)] ?? network
        return homes[Way(network: next, isFromFirst: isFromFirst)] ?? next
    }

    /// The network of the way that this one goes on from.
    private func origin(of way: Way, _ course: Course) -> NetworkID? {
        guard !course.hasBeginning else { return nil }
        return courses.first { other, earlier in
            other.isFromFirst == way.isFromFirst && other.network != way.network && earlier.end == course.first
                && earlier.lastPacket.rawValue < course.firstPacket.rawValue
        }?.key.network
    }

    /// Whether nothing of the other direction was seen in its network.
    private func isAlone(_ way: Way) -> Bool {
        courses[Way(network: way.network, isFromFirst: !way.isFromFirst)] == nil
    }
}
