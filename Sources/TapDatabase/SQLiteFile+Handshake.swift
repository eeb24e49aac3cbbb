import TapAnalysis
import TapCore
import TapHTTP
import TapReports

extension SQLiteFile {
    func add(_ handshake: Handshake) throws(SQLiteError) {
        let (request, response) = (handshake.request?.fields, handshake.response?.fields)
        var (method, target, reason): (String?, String?, String?)
        if case .request(let sentMethod, let sentTarget, _) = handshake.request?.startLine {
            (method, target) = (sentMethod, sentTarget)
        }
        if case .response(_, _, let sentReason) = handshake.response?.startLine { reason = sentReason }
        let parts = target.map { RequestTarget($0) }
        let body = ShownBody(of: handshake)
        try add(
            "handshakes",
            [
                handshake.connection, RecordText.time(handshake.time), handshake.time.nanoseconds,
                Int64(clamping: handshake.packet.rawValue),
                handshake.client.address.description, Int(handshake.client.port),
                handshake.server.address.description, Int(handshake.server.port),
                CommunityID.text(of: handshake), handshake.verdict.rawValue,
                method, target, parts?.path, parts?.query, handshake.request?.host, request?["Origin"].first,
                request?["User-Agent"].first, request?.joined("Sec-WebSocket-Protocol"),
                request?.joined("Sec-WebSocket-Extensions"),
                handshake.status, reason, response?["Sec-WebSocket-Protocol"].first,
                response?.joined("Sec-WebSocket-Extensions"), handshake.isAcceptValid,
                handshake.connectionID.description,
            ] + values(of: handshake.tls)
                + [
                    handshake.stream?.transport.rawValue, handshake.stream.map { Int64($0.number) },
                    handshake.responseTime.map(SQLiteFile.seconds),
                    body.flatMap { SQLiteFile.value(of: $0.bytes) }, body?.isTruncated,
                ])
        try add(request, from: "client", in: handshake.connection)
        try add(response, from: "server", in: handshake.connection)
    }

    /// Adds a connection of TLS that was not read, or not to its end.
    func add(_ unread: UnreadTLS) throws(SQLiteError) {
        let place: [(any SQLiteValue)?] = [
            nil as Int?, RecordText.time(unread.time), unread.time.nanoseconds, Int64(clamping: unread.packet.rawValue),
            unread.client.address.description, Int(unread.client.port),
            unread.server.address.description, Int(unread.server.port),
        ]
        let search = unread.search
        let reasons: [(any SQLiteValue)?] = [
            unread.reason?.rawValue, unread.alert?.sender.rawValue, unread.alert?.description,
            unread.records?.read, unread.records?.unread, search?.tries, search?.sessions,
            search.map { Int64(clamping: $0.reachedNumber) }, search?.isEndedByLimit,
            unread.quic.map { _ in "quic" }, unread.quic?.version,
        ]
        try add("tls", place + values(of: unread.tls) + reasons)
    }

    private func values(of tls: TLSDetails?) -> [(any SQLiteValue)?] {
        [
            tls?.version, tls?.cipher, tls?.serverName, tls?.applicationProtocol,
            tls?.clientRandom.map { Hex.string($0) }, tls?.keys?.rawValue,
        ]
    }

    private func add(_ fields: HTTPFields?, from sender: String, in connection: Int) throws(SQLiteError) {
        for (position, field) in (fields?.all ?? []).enumerated() {
            try add("headers", [connection, sender, position + 1, field.name, field.value])
        }
    }
}

extension HTTPFields {
    /// The elements of a list; `nil` where there are none.
    fileprivate func joined(_ name: String) -> String? {
        let elements = list(name)
        return elements.isEmpty ? nil : elements.joined(separator: ", ")
    }
}
