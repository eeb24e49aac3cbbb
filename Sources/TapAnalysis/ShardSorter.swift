import TapCore
import TapTransport

/// Deals the packets of a capture to shards, so that each connection is in one of them as a whole, however it is tunnelled,
/// tagged or fragmented.
///
/// Fragments go where the packet goes that they are put together to, by the same rules as in the analysis. Until that is whole
/// it is not known where that is: then its fragments wait, and with them whatever comes behind, so that the order stays.
///
/// A client of QUIC may migrate: its packets then come from other endpoints, under IDs that stand in encrypted packets. So connections of
/// QUIC are read here, too, as far as there are keys.
package struct ShardSorter: ~Copyable {
    /// Where a packet goes.
    package enum Place {
        case shard(Int)
        /// It is not known yet: with the other fragments of its packet.
        case waiting(IPFragment.Identity)
    }

    private let dealing: Dealing
    private var clock: SilenceClock
    private var fragments: FragmentTable
    /// Where packets went that are whole, and where the fragments of those go that were given up; of the latest ones.
    private var known = RecentPlaces<IPFragment.Identity>()
    private var givenUp = RecentPlaces<IPFragment.Identity>()
    /// What the first fragments show of packets that are not whole.
    private var guesses = RecentPlaces<IPFragment.Identity>()
    /// What reads connections of QUIC, and no other.
    private var quic: Analyzer
    private let mayReadQUIC: Bool
    private var dropped = Observations()
    /// Where the packets go between endpoints that a connection of QUIC has migrated to.
    private var paths = RecentPlaces<FlowKey>()
    /// What has become known of packets whose fragments wait, and is still to be taken.
    private var settled: [(of: IPFragment.Identity, place: Place)] = []

    /// How connections are dealt.
    package enum Dealing {
        /// Among so many shards. What is no connection's is in the first.
        case evenly(Int)
        /// To the first shard, as far as they are dealt by one of these (``FlowKey/spread``), or nobody knows; all else to the second.
        case chosen(Set<UInt64>)

        fileprivate func shard(of spread: UInt64) -> Int {
            switch self {
            case .evenly(let count): FlowKey.shard(spread, of: count)
            case .chosen(let spreads): spreads.contains(spread) ? 0 : 1
            }
        }

        /// Where fragments go of a packet that is not whole.
        fileprivate func shard(of identity: IPFragment.Identity, guess: Int?) -> Int {
            guard case .evenly = self else { return 0 }
            if let guess { return guess }
            let between = FlowKey(
                Endpoint(address: identity.source, port: UInt16(truncatingIfNeeded: identity.identification)),
                Endpoint(address: identity.destination, port: 0))
            return shard(of: between.spread)
        }

        fileprivate var shardOfNobody: Int {
            switch self {
            case .evenly: 0
            case .chosen: 1
            }
        }
    }

    package init(_ dealing: Dealing, _ options: AnalysisOptions) {
        self.dealing = dealing
        clock = SilenceClock(options.streams)
        fragments = FragmentTable(limits: options.fragments)
        var silent = options
        (silent.observesConnections, silent.observesFrames, silent.payloadLimit) = (false, false, 0)
        quic = Analyzer(options: silent)
        mayReadQUIC = options.tls.mayHaveSecrets
    }

    /// Adds secrets of TLS that have come since the packet before.
    package mutating func receive(_ secrets: TLSSecrets) { quic.receive(secrets) }

    /// Whether it is time to scan for idle connections at a packet, which then every shard needs to know of.
    @inline(__always)
    package mutating func isTimeToScan(at packet: PacketHeader) -> Bool {
        guard clock.isDue(at: packet.timestamp) else { return false }
        scan(at: packet)
        return true
    }

    private mutating func scan(at packet: PacketHeader) {
        if quic.pass(packet) { quic.takeObservations(into: &dropped) }
    }

    /// Where the next packet goes.
    @inline(__always)
    package mutating func place(of bytes: RawSpan, _ packet: PacketHeader) -> Place {
        switch PacketDecoder.owner(of: bytes, packet) {
        case .connection(let spread): .shard(dealing.shard(of: spread))
        case .quic: .shard(shard(of: PacketDecoder.decodeDatagram(bytes, packet), bytes, isLong: true, packet))
        case .datagram: .shard(shard(of: PacketDecoder.decodeDatagram(bytes, packet), bytes, isLong: false, packet))
        case .nobody: .shard(dealing.shardOfNobody)
        case .fragment(let fragment): place(of: fragment, bytes.extracting(fragment.payload), packet)
        }
    }

    /// What has become known of packets whose fragments wait, since this was asked last.
    package mutating func takeSettled() -> [(of: IPFragment.Identity, place: Place)] {
        defer { settled = [] }
        return settled
    }

    package var hasSettled: Bool { !settled.isEmpty }

    /// Nobody waits any more for the rest of a packet: its fragments go where its first one belongs, as far as that shows, else
    /// all to one shard.
    package mutating func giveUp(_ identity: IPFragment.Identity) -> Int {
        let shard = dealing.shard(of: identity, guess: guesses[identity])
        givenUp[identity] = shard
        return shard
    }

    @inline(never)
    private mutating func place(of fragment: IPFragment, _ captured: RawSpan, _ packet: PacketHeader) -> Place {
        let whole = fragments.receive(fragment, captured, in: packet)
        if let shard = givenUp[fragment.identity] {
            if whole != nil { givenUp[fragment.identity] = nil }
            return .shard(shard)
        }
        if let whole {
            let place = place(of: whole, packet)
            if case .shard(let shard) = place { known[fragment.identity] = shard }
            settled.append((fragment.identity, place))
            return place
        }
        if fragments.hasOnlyCopies(of: fragment.identity), let shard = known[fragment.identity] { return .shard(shard) }
        if fragment.offset == 0, let shard = guess(fragment, captured) { guesses[fragment.identity] = shard }
        return .waiting(fragment.identity)
    }

    private mutating func place(of whole: ReassembledPacket, _ packet: PacketHeader) -> Place {
        let bytes = whole.bytes.span.bytes
        return switch PacketOwner(of: whole.content) {
        case .connection(let spread): .shard(dealing.shard(of: spread))
        case .quic: .shard(shard(of: whole.datagram, bytes, isLong: true, packet))
        case .datagram: .shard(shard(of: whole.datagram, bytes, isLong: false, packet))
        case .nobody: .shard(dealing.shardOfNobody)
        case .fragment(let inner): place(of: inner, bytes.extracting(inner.payload), packet)
        }
    }

    /// Where a datagram goes: with those of the connection that it belongs to, if that is known, else by its endpoints.
    /// - Parameter isLong: whether it names a version of QUIC.
    @inline(never)
    private mutating func shard(
        of datagram: UDPDatagram?, _ bytes: RawSpan, isLong: Bool, _ packet: PacketHeader
    ) -> Int {
        guard let datagram else { return dealing.shardOfNobody }
        guard mayReadQUIC else { return dealing.shard(of: datagram.key.spread) }
        let beginning = quic.beginning(of: datagram, bytes, isLong: isLong, in: packet)
        if beginning == datagram.key, !paths.isEmpty, let known = paths[datagram.key] { return known }
        let shard = dealing.shard(of: beginning.spread)
        if beginning != datagram.key { paths[datagram.key] = shard }
        return shard
    }

    private func guess(_ first: IPFragment, _ captured: RawSpan) -> Int? {
        guard case .connection(let spread) = PacketOwner(of: ReassembledPacket.content(of: first, captured)) else {
            return nil
        }
        return dealing.shard(of: spread)
    }
}

/// Shards of what was noted last; of older ones nothing is known any more.
private struct RecentPlaces<Key: Hashable> {
    private var recent: [Key: Int] = [:]
    private var older: [Key: Int] = [:]
    private static var limit: Int { 16_384 }

    var isEmpty: Bool { recent.isEmpty && older.isEmpty }

    subscript(key: Key) -> Int? {
        get { recent[key] ?? older[key] }
        set {
            if recent.count >= RecentPlaces.limit { (older, recent) = (recent, [:]) }
            (older[key], recent[key]) = (nil, newValue)
        }
    }
}
