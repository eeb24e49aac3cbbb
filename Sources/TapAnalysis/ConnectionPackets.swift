public import TapCore
import TapTransport

/// Which packets of a capture belong to chosen connections, from the SYN to the last packet.
///
/// The capture is read three times: the analysis says which connections there are, then the starts of the TCP
/// connections of their endpoints are sought, with their networks, since ports are used again, and in several networks at once; only
/// then one can tell of each packet.
///
/// Of IP packets in fragments all belong that go between the two hosts, but for networks in which only others talk: only
/// the first fragment has ports.
public struct ConnectionPackets: Sendable {
    /// What has the same endpoints.
    private struct Peers {
        /// The packets of the chosen handshakes, and their networks.
        var handshakes: [(packet: PacketNumber, network: NetworkID)] = []
        var ways = NetworkWays()
        /// The ways on which the packets of the chosen handshakes came.
        var origins: [PacketNumber: (network: NetworkID, isFromFirst: Bool)] = [:]
        /// By the network of the SYN.
        var beginnings: [NetworkID: ConnectionBeginnings] = [:]

        /// Takes up a segment.
        mutating func note(_ segment: TCPSegment, _ packet: PacketNumber) {
            ways.note(segment, in: packet)
            if handshakes.contains(where: { $0.packet == packet }) {
                origins[packet] = (segment.network, segment.isFromFirst)
            }
            guard segment.flags.contains(.syn) else { return }
            guard segment.flags.contains(.ack) else {
                return beginnings[segment.network, default: ConnectionBeginnings()].note(
                    syn: segment.sequenceNumber, in: packet)
            }
            // The way back may lead over another network.
            let isOfSame = beginnings[segment.network]?.isAnswered(by: segment) ?? false
            let other = isOfSame ? nil : beginnings.first { $0.value.isAnswered(by: segment) }?.key
            if let other { ways.bind(segment, to: other) }
            beginnings[other ?? segment.network]?.noteAnswer(segment)
        }

        /// All segments are known.
        mutating func finish() {
            ways.finish()
            for network in Array(beginnings.keys) { beginnings[network]?.finish() }
            for (packet, network) in handshakes {
                let way = origins[packet]
                let home = way.map { ways.home(of: $0.network, isFromFirst: $0.isFromFirst) } ?? network
                beginnings[home, default: ConnectionBeginnings()].choose(packet)
            }
        }

        /// The networks of all ways, by whether a chosen connection leads over one.
        var networks: [(NetworkID, Bool)] {
            ways.all.map { network, isFromFirst in
                (network, beginnings[ways.home(of: network, isFromFirst: isFromFirst)]?.isChosen ?? false)
            }
        }

        func contains(_ segment: TCPSegment, _ packet: PacketNumber) -> Bool {
            let home = ways.home(of: segment.network, isFromFirst: segment.isFromFirst)
            return beginnings[home]?.contains(packet) ?? false
        }
    }

    private var peers: [FlowKey: Peers] = [:]
    /// The endpoints of chosen connections over UDP, whose datagrams are all taken.
    private var datagrams: Set<FlowKey> = []
    /// The networks in which the two hosts of chosen connections were seen to talk, each with whether that was on a chosen
    /// connection.
    private var hosts: [FlowKey: [NetworkID: Bool]] = [:]
    /// Hosts between which no fragments belong.
    private var otherHosts: Set<FlowKey> = []

    public init() {}

    /// Whether there is no connection.
    public var isEmpty: Bool { peers.isEmpty && datagrams.isEmpty }

    /// First: takes up the chosen connections, which are those whose handshakes are given.
    public mutating func note(_ observations: Observations) {
        for case .handshake(let handshake) in observations.all { note(handshake) }
    }

    /// The same for one of them.
    public mutating func note(_ handshake: Handshake) {
        if handshake.stream?.transport.isOverUDP ?? false {
            datagrams.insert(FlowKey(handshake.client, handshake.server))
            return
        }
        peers[FlowKey(handshake.client, handshake.server), default: Peers()].handshakes.append(
            (handshake.packet, handshake.network))
        let pair = ConnectionPackets.hosts(handshake.client.address, handshake.server.address)
        hosts[pair, default: [:]][handshake.network] = true
    }

    /// Leaves out the fragments between the hosts of another connection, some of which may be that one's.
    public mutating func leaveOutFragments(of handshake: Handshake) {
        otherHosts.insert(ConnectionPackets.hosts(handshake.client.address, handshake.server.address))
    }

    /// Second: looks whether a TCP connection begins with a packet. Only a SYN that is answered begins one.
    public mutating func noteBeginning(_ packet: PacketHeader, _ bytes: RawSpan) {
        guard case .tcp(let segment) = PacketDecoder.decode(bytes, packet),
            let index = peers.index(forKey: segment.key)
        else { return }
        peers.values[index].note(segment, packet.number)
    }

    /// Then, once: all beginnings are known.
    public mutating func finishBeginnings() {
        for index in peers.indices { peers.values[index].finish() }
        for (key, peers) in peers {
            let pair = ConnectionPackets.hosts(key.first.address, key.second.address)
            for (network, isChosen) in peers.networks where isChosen || hosts[pair]?[network] == nil {
                hosts[pair]?[network] = isChosen
            }
        }
    }

    /// Third: whether a packet belongs to one of the chosen connections.
    public func contains(_ packet: PacketHeader, _ bytes: RawSpan) -> Bool {
        switch PacketDecoder.decode(bytes, packet) {
        case .tcp(let segment):
            return peers[segment.key]?.contains(segment, packet.number) ?? false
        case .fragment(let fragment):
            let pair = ConnectionPackets.hosts(fragment.identity.source, fragment.identity.destination)
            return !otherHosts.contains(pair) && hosts[pair].map { $0[fragment.identity.network] ?? true } ?? false
        case .quic(let key): return datagrams.contains(key)
        case .other(.udp) where !datagrams.isEmpty:
            return PacketDecoder.decodeDatagram(bytes, packet).map { datagrams.contains($0.key) } ?? false
        case .other: return false
        }
    }

    private static func hosts(_ one: IPAddress, _ other: IPAddress) -> FlowKey {
        FlowKey(Endpoint(address: one, port: 0), Endpoint(address: other, port: 0))
    }
}
