public import TapBytes
import TapPackets

/// Which packets of a capture belong to chosen connections, from the SYN to the last packet.
///
/// The capture is read three times: the analysis says which connections there are, then it is looked where the TCP
/// connections of their endpoints begin, since ports are used again, and only then one can tell of each packet.
///
/// Of IP packets in fragments all belong that go between the two hosts: only the first fragment has ports.
public struct ConnectionPackets: Sendable {
    private struct Flow {
        /// The packets of the chosen handshakes.
        var handshakes: [PacketNumber] = []
        /// The packets with which TCP connections begin, in order.
        var beginnings: [PacketNumber] = []
        /// The SYN that waits for its answer: its sequence number and its packet.
        var waiting: (number: UInt32, packet: PacketNumber)?
        /// The sequence numbers of those that were answered: a late copy begins nothing.
        var answered: Set<UInt32> = []
        /// How many connections had begun at the handshakes.
        var chosen: Set<Int> = []

        /// Takes up a segment with SYN.
        mutating func note(_ segment: TCPSegment, _ packet: PacketNumber) {
            guard segment.flags.contains(.ack) else {
                if waiting?.number != segment.sequenceNumber.rawValue {
                    waiting = (segment.sequenceNumber.rawValue, packet)
                }
                return
            }
            guard let waiting, segment.acknowledgmentNumber.rawValue == waiting.number &+ 1,
                answered.insert(waiting.number).inserted
            else { return }
            beginnings.append(waiting.packet)
        }

        /// How many connections had begun at a packet.
        func beginnings(upTo packet: PacketNumber) -> Int {
            var (low, high) = (0, beginnings.count)
            while low < high {
                let middle = (low + high) / 2
                if beginnings[middle].rawValue <= packet.rawValue { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private var flows: [FlowKey: Flow] = [:]
    private var hosts: Set<FlowKey> = []

    public init() {}

    /// Whether there is no connection.
    public var isEmpty: Bool { flows.isEmpty }

    /// First: takes up the chosen connections, which are those whose handshakes are given.
    public mutating func note(_ observations: Observations) {
        for case .handshake(let handshake) in observations.all {
            flows[FlowKey(handshake.client, handshake.server), default: Flow()].handshakes.append(handshake.packet)
            hosts.insert(ConnectionPackets.hosts(handshake.client.address, handshake.server.address))
        }
    }

    /// Second: looks whether a TCP connection begins with a packet. Only a SYN that is answered begins one.
    public mutating func noteBeginning(_ packet: PacketHeader, _ bytes: RawSpan) {
        guard case .tcp(let segment) = PacketDecoder.decode(bytes, packet), segment.flags.contains(.syn),
            let index = flows.index(forKey: segment.key)
        else { return }
        flows.values[index].note(segment, packet.number)
    }

    /// Then, once: all beginnings are known.
    public mutating func finishBeginnings() {
        for index in flows.indices {
            flows.values[index].beginnings.sort { $0.rawValue < $1.rawValue }
            let flow = flows.values[index]
            flows.values[index].chosen = Set(flow.handshakes.map(flow.beginnings(upTo:)))
        }
    }

    /// Third: whether a packet belongs to one of the chosen connections.
    public func contains(_ packet: PacketHeader, _ bytes: RawSpan) -> Bool {
        switch PacketDecoder.decode(bytes, packet) {
        case .tcp(let segment):
            guard let flow = flows[segment.key] else { return false }
            return flow.chosen.contains(flow.beginnings(upTo: packet.number))
        case .fragment(let fragment):
            return hosts.contains(ConnectionPackets.hosts(fragment.identity.source, fragment.identity.destination))
        case .quic, .other: return false
        }
    }

    private static func hosts(_ one: IPAddress, _ other: IPAddress) -> FlowKey {
        FlowKey(Endpoint(address: one, port: 0), Endpoint(address: other, port: 0))
    }
}
