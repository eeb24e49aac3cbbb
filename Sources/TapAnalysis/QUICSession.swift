import TapCore
import TapHTTP2
import TapHTTP3
import TapQUIC
import TapSecurity

/// A connection of QUIC that is followed, and HTTP/3 in it.
final class QUICSession: StreamSession {
    let connection: QUICConnection
    /// Whether it belongs to another part, and is followed up to its hello alone.
    let isForeign: Bool
    /// `nil` until data come, and where the peers speak something else.
    var http3: HTTP3Connection?
    /// By which packets of other endpoints are known to be of this connection, the oldest first.
    private(set) var ids: [QUICConnectionID] = []
    /// Further endpoints that it has had: a client may migrate. RFC 9000 §9.
    private(set) var paths: [FlowKey] = []

    private static let mostIDs = 64
    private static let mostPaths = 16

    init(_ key: FlowKey, isForeign: Bool, in packet: PacketHeader) {
        self.isForeign = isForeign
        connection = QUICConnection(openedIn: packet, limits: QUICLimits())
        super.init(FlowIdentity(key, at: packet.timestamp), proxy: nil, transport: .h3)
    }

    /// The first of its packets.
    var openedIn: PacketNumber { connection.first.number }

    override var tls: TLSDetails? { TLSDetails(connection.facts.tls) }

    /// Numbers that did not come yet may be those of packets that the capture lacks; and what is missing of one direction may have
    /// acknowledged what is missing of the other.
    override var uncertain: Sides {
        let lacksNumbers = connection.lacksNumbers(on: .fromFirst) || connection.lacksNumbers(on: .fromSecond)
        return isWhole && !lacksNumbers ? [] : .both
    }

    /// Begins to read HTTP/3 if the peers may have agreed on it; returns whether it does.
    func openHTTP3(_ limits: HTTP2Limits) -> Bool {
        guard http3 == nil, let client = connection.client else { return false }
        let facts = connection.facts
        // In the middle of a connection its streams tell.
        let isUnknown = connection.isLate && facts.tls.applicationProtocol == nil
        let names = isUnknown ? ["h3"] : facts.tls.applicationProtocol.map { [$0] } ?? facts.offeredProtocols
        guard names.contains(where: { $0 == "h3" || $0.hasPrefix("h3-") }) else { return false }
        self.client = client
        http3 = HTTP3Connection(client: client, limits: limits)
        return true
    }

    /// Remembers an ID; answers which one is forgotten for it.
    func add(_ id: QUICConnectionID) -> QUICConnectionID? {
        ids.append(id)
        return ids.count > QUICSession.mostIDs ? ids.removeFirst() : nil
    }

    /// Remembers further endpoints; answers whether there was room.
    func add(_ path: FlowKey) -> Bool {
        guard paths.count < QUICSession.mostPaths else { return false }
        paths.append(path)
        return true
    }

    /// What is not read may have held anything.
    func noteUnread() {
        for direction in [Direction.fromFirst, .fromSecond]
        where isWhole(direction) && connection.packetsUnread(on: direction) > 0 { noteHole(direction) }
    }

    /// What is concluded from what a peer has not sent needs every packet from the first on.
    func noteLack() {
        let hasAllNumbers = connection.hasAllNumbers(on: .fromFirst) && connection.hasAllNumbers(on: .fromSecond)
        http3?.mayLackPackets = connection.isLate || !isWhole || !hasAllNumbers
    }

    /// What its peers speak in place of HTTP/3: of what is registered, so that a peer cannot make up as many names as it likes.
    var otherProtocol: String {
        let name = connection.facts.tls.applicationProtocol ?? connection.facts.offeredProtocols.first
        return name.flatMap { QUICSession.knownProtocols.contains($0) ? $0 : nil } ?? "other"
    }

    private static let knownProtocols: Set<String> = ["doq", "hq-interop", "h3", "mqtt", "perf", "sip/2", "smb"]

    func unread(because reason: TLSUnreadReason) -> UnreadTLS {
        // By a packet that opened; else the lower port is the server's.
        let (client, server) = flow.key.peers(connection.client ?? SecureStream.likelyClient(of: flow.key))
        let directions = [Direction.fromFirst, .fromSecond]
        let read = directions.reduce(0) { $0 + connection.packetsRead(on: $1) }
        let unread = directions.reduce(0) { $0 + connection.packetsUnread(on: $1) }
        let facts = connection.facts
        var record = UnreadTLS(
            client: client, server: server, tls: TLSDetails(facts.tls), reason: reason,
            packet: connection.first.number, time: connection.first.timestamp,
            records: facts.tls.keys == nil ? nil : (read, unread))
        record.quic = UnreadTLS.QUIC(version: facts.version?.name, offeredProtocols: facts.offeredProtocols)
        return record
    }
}
