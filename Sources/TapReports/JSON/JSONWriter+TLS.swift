import TapAnalysis
import TapCore
import TapSecurity

extension JSONWriter {
    /// The connection of TLS that carries one of WebSocket.
    mutating func write(_ tls: TLSDetails) {
        beginObject("tls")
        members(of: tls)
        member("keys", tls.keys?.rawValue)
        endObject()
    }

    /// A connection of TLS that is not read, or not to its end.
    mutating func write(_ unread: UnreadTLS) {
        beginObject()
        member("type", "tls")
        member("time", unread.time)
        member("packet", unread.packet.rawValue)
        member("client", unread.client)
        member("server", unread.server)
        if let quic = unread.quic {
            member("transport", "quic")
            member("quic_version", quic.version)
            if !quic.offeredProtocols.isEmpty { member("offered_alpn", quic.offeredProtocols) }
        }
        members(of: unread.tls)
        member("keys", unread.tls.keys?.rawValue)
        member("reason", unread.reason?.rawValue)
        if let records = unread.records {
            member("records_read", records.read)
            member("records_unread", records.unread)
        }
        if let search = unread.search {
            beginObject("search")
            member("tries", search.tries)
            member("sessions", search.sessions)
            member("reached_number", search.reachedNumber)
            member("limited", search.isEndedByLimit)
            endObject()
        }
        if let alert = unread.alert {
            beginObject("alert")
            member("sender", alert.sender.rawValue)
            member("description", alert.description)
            if alert.description == nil { member("encrypted", true) }
            endObject()
        }
        endObject()
    }

    private mutating func members(of tls: TLSDetails) {
        member("version", tls.version)
        member("cipher", tls.cipher)
        member("server_name", tls.serverName)
        member("alpn", tls.applicationProtocol)
        member("client_random", tls.clientRandom.map { Hex.string($0) })
    }

    /// Nothing where there was none.
    mutating func write(_ totals: TLSTotals, _ name: StaticString) {
        guard totals.connections > 0 else { return }
        beginObject(name)
        member("connections", totals.connections)
        member("read", totals.read)
        if totals.withoutWebSocket > 0 { member("without_websocket", totals.withoutWebSocket) }
        if !totals.otherProtocols.isEmpty {
            beginObject("other_alpn")
            for (name, number) in totals.otherProtocols.sorted(by: { $0.key < $1.key }) {
                count(name, UInt64(clamping: number))
            }
            endObject()
        }
        if totals.failed > 0 { member("failed", totals.failed) }
        if totals.withoutData > 0 { member("without_data", totals.withoutData) }
        beginObject("unread")
        for reason in TLSUnreadReason.allCases {
            if let number = totals.unread[reason] { count(reason.rawValue, UInt64(clamping: number)) }
        }
        endObject()
        if totals.droppedBytes > 0 { count("dropped_bytes", totals.droppedBytes) }
        endObject()
    }
}
