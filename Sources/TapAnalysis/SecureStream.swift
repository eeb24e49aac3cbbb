import TapCore
import TapHTTP
import TapSecurity

/// A connection of TLS in a stream, and what becomes of the stream that it carries. What the connection gives changes the stream, and
/// never the connection itself.
final class SecureStream {
    let connection: TLSConnection
    /// Where what it carries is followed.
    let inner: FlowID
    /// The stream that carries it.
    let outer: FlowID
    @exclusivity(unchecked) var carried = Carried.nothing
    /// Whether one direction is further than the other in what is read.
    @exclusivity(unchecked) var isPeerBehind = false
    /// Whether it carries data.
    var carriesData = false
    let isStartCaptured: Bool
    /// Whether data may be missing before the first that was read.
    var mayLackStart = false
    /// Whose hello the client's was, where that was captured.
    var helloDirection: Direction?
    /// See ``Handshake/roundTrip``; zero where nobody knows.
    var roundTrip: UInt32 = 0
    /// How many handshakes were told of what it carries.
    var handshakes = 0
    /// How many connections of TLS there are with it and those that carry it.
    let layers: Int
    let first: PacketHeader
    /// What tells the TCP connection from others.
    let flow: FlowIdentity
    /// By direction.
    @exclusivity(unchecked) private var sides = InlineArray<2, Side>(repeating: Side())
    /// What was said of the connection before its first record.
    @Rare var proxy: ProxyHeader?
    /// The first fatal alert, where it came before any data.
    @Rare var alert: (sender: Direction, name: String)?
    /// How the stream ended, where the connection waits for its keys beyond that.
    @Rare var ending: (reason: StreamEnd, packet: PacketHeader)?

    /// What is known of it, once it carries data.
    var details: TLSDetails? { carriesData ? TLSDetails(connection.facts) : nil }

    private struct Side {
        var end: DirectionEnd?
        /// Bytes on the wire that are not read and were not told yet.
        var untold = 0
        /// Whether there are bytes that are not read, and whether that was told.
        var lacksBytes = false
        var hasTold = false
    }

    enum Carried {
        /// No data has come.
        case nothing
        case followed
        /// It is of no further interest.
        case ignored
    }

    init(
        _ connection: TLSConnection, _ flow: FlowIdentity, proxy: ProxyHeader?, on outer: FlowID,
        as inner: FlowID, layers: Int, in packet: PacketHeader, isStartCaptured: Bool
    ) {
        self.connection = connection
        self.inner = inner
        self.outer = outer
        self.isStartCaptured = isStartCaptured
        self.layers = layers
        first = packet
        self.flow = flow
        self.proxy = proxy
    }

    /// Whether what it carries is read from where the sender began.
    var isStartKnown: Bool { isStartCaptured && !mayLackStart && connection.facts.keys != .search }

    /// Keeps how a direction ends until what came before is read.
    func note(_ end: DirectionEnd, _ direction: Direction) { sides[Int(direction.rawValue)].end = end }

    /// How a direction ends for what is carried.
    func end(of direction: Direction) -> DirectionEnd {
        let side = sides[Int(direction.rawValue)]
        guard let end = side.end else {
            return DirectionEnd(.evicted, isCaptured: false, isBehindHole: true, seen: [])
        }
        return DirectionEnd(
            end.reason, isCaptured: end.isCaptured, isBehindHole: end.isBehindHole || side.lacksBytes, seen: end.seen)
    }

    /// Counts bytes that are not read.
    func noteUnread(_ count: Int, _ direction: Direction) {
        sides[Int(direction.rawValue)].untold += count
        sides[Int(direction.rawValue)].lacksBytes = true
    }

    /// How many bytes are to be told as missing now: the first as soon as they are, so that nothing is concluded from them, and
    /// the others at the end.
    func takeUnread(_ direction: Direction, isLast: Bool) -> Int {
        let side = sides[Int(direction.rawValue)]
        guard isLast || !side.hasTold, side.untold > 0 else { return 0 }
        (sides[Int(direction.rawValue)].untold, sides[Int(direction.rawValue)].hasTold) = (0, true)
        return side.untold
    }

    /// By a hello or a secret; else the lower port is the server's.
    private var client: Direction {
        connection.clientDirection.map { Direction($0) } ?? SecureStream.likelyClient(of: flow.key)
    }

    static func likelyClient(of key: FlowKey) -> Direction {
        key.first.port >= key.second.port ? .fromFirst : .fromSecond
    }

    func unread(because reason: TLSUnreadReason?) -> UnreadTLS {
        let side = client
        let (client, server) = flow.key.peers(side)
        var read = 0
        var unread = 0
        for direction in TLSDirection.allCases {
            read += connection.recordsRead(on: direction)
            unread += connection.recordsUnread(on: direction)
        }
        let hadKeys = connection.facts.keys != nil
        return UnreadTLS(
            client: client, server: server, tls: TLSDetails(connection.facts), reason: reason, packet: first.number,
            time: first.timestamp, records: hadKeys ? (read, unread) : nil, search: connection.search,
            alert: alert.map { UnreadTLS.Alert(sender: $0.sender == side ? .client : .server, description: $0.name) }
                ?? (connection.hasEncryptedAlert && reason?.isOfKeys == true ? .encrypted : nil))
    }
}

extension Direction {
    init(_ direction: TLSDirection) { self = direction == .first ? .fromFirst : .fromSecond }
}

extension TLSDirection {
    init(_ direction: Direction) { self = direction == .fromFirst ? .first : .second }
}
