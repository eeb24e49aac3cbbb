import TapCore
import TapQUIC
import TapSecurity

/// A connection of QUIC that is followed.
final class QUICSession {
    let connection: QUICConnection
    /// What tells it from others.
    let flow: FlowIdentity

    init(_ key: FlowKey, in packet: PacketHeader) {
        connection = QUICConnection(openedIn: packet, limits: QUICLimits())
        flow = FlowIdentity(key, at: packet.timestamp)
    }

    /// By a packet that opened; else the lower port is the server's.
    var client: Direction { connection.client ?? SecureStream.likelyClient(of: flow.key) }

    func unread(because reason: TLSUnreadReason) -> UnreadTLS {
        let (client, server) = flow.key.peers(client)
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
