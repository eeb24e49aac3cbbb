import TapAnalysis
import TapCore
import TapHTTP
import TapWebSocket

/// The data of a report in HTML, as its script reads it.
extension JSONWriter {
    /// Writes the one thing that there are very many of, as an array: time, connection, number, flags, first byte, length,
    /// packet, payload, and where it was inflated to how many bytes, what its message says, and the message's number; and if
    /// that answers one, the number of that, after how many nanoseconds, and whether it says that something failed.
    /// - Parameters:
    ///   - said: what the message says in its protocol.
    ///   - time: nanoseconds since the capture began.
    mutating func write(_ frame: Frame, _ payload: HTMLPayload, _ said: String?, at time: Int64) {
        let header = frame.header
        let first = (header.isFinal ? 0x80 : 0) | UInt64(header.reservedBits) << 4 | UInt64(header.opcode.rawValue)
        var flags: UInt64 = frame.sender == .server ? 1 : 0
        if header.isMasked { flags |= 2 }
        if !payload.isText { flags |= 4 }
        if payload.isCut { flags |= 8 }
        if !frame.isWhole { flags |= 16 }
        raw("[")
        for number in [
            UInt64(clamping: time), UInt64(clamping: frame.connection), UInt64(clamping: frame.number), flags, first,
            header.payloadLength, frame.packet.rawValue,
        ] {
            self.number(number)
            raw(",")
        }
        if payload.isText {
            string(String(decoding: payload.bytes, as: UTF8.self))
        } else {
            string(Base64.string(payload.bytes.span.bytes))
        }
        let notes = frame.application
        if frame.isInflated || notes != nil {
            raw(",")
            number(frame.inflatedLength)
        }
        if let notes {
            raw(",")
            string(said ?? "")
            raw(",")
            number(UInt64(clamping: frame.message ?? 0))
            write(firstAnswerOf: notes)
        }
        raw("]")
    }

    private mutating func write(firstAnswerOf notes: ApplicationNotes) {
        guard let item = notes.items.first(where: { $0.answer?.latency != nil }), let answer = item.answer else {
            return
        }
        for value in [
            UInt64(clamping: answer.message), UInt64(clamping: answer.latency ?? 0), item.error == nil ? 0 : 1,
        ] {
            raw(",")
            number(value)
        }
    }

    /// - Parameter start: when the capture begins.
    mutating func write(_ shown: HTMLConnection, since start: Timestamp) {
        let handshake = shown.handshake
        beginObject()
        member("number", handshake.connection)
        member("client", handshake.client.description)
        member("server", handshake.server.description)
        member("verdict", handshake.verdict.rawValue)
        member("mark", handshake.verdict.mark.name)
        member("resource", handshake.resource)
        member("stream", handshake.streamWords)
        if let tls = handshake.tls { member("tls", tls.words) }
        let pair = handshake.pair?.items(of: handshake) ?? []
        if !pair.isEmpty { member("pair", pair.map(\.text)) }
        write("request", handshake.request, since: start)
        write("response", handshake.response, since: start)
        member("status", handshake.status)
        member("answered_after", handshake.responseTime)
        if let body = ShownBody(of: handshake, shown.payload) {
            member("body", body.isText ? String(decoding: body.bytes, as: UTF8.self) : body.row)
            if body.isTruncated { member("body_truncated", true) }
        }
        beginArray("rules")
        for rule in shown.checklist?.rules ?? [] {
            beginObject()
            member("sender", rule.rule.sender.rawValue)
            member("label", rule.label(in: handshake))
            member("outcome", rule.outcome.name)
            endObject()
        }
        endArray()
        if let connection = shown.connection { write(end: connection) }
        endObject()
    }

    private mutating func write(end connection: Connection) {
        let close = connection.close
        member("messages", connection.fromClient.messages &+ connection.fromServer.messages)
        beginObject("end")
        member("mark", close.mark.name)
        member("headline", close.headline)
        member("state", close.state)
        member("outcome", close.ending)
        member("duration", connection.duration)
        member("bytes", connection.fromClient.payloadBytes &+ connection.fromServer.payloadBytes)
        member(
            "round_trip",
            connection.clientPings.roundTrips.joined(with: connection.serverPings.roundTrips).percentile(0.5)
                ?? connection.roundTrip)
        member("client", connection.fromClient.words)
        member("server", connection.fromServer.words)
        member("pings", connection.pingSentence)
        let legs = connection.pair?.closingItems(of: connection.number) ?? []
        if !legs.isEmpty { member("pair", legs.map(\.text)) }
        endObject()
    }

    private mutating func write(_ name: String, _ head: HTTPHead?, since start: Timestamp) {
        guard let head else { return }
        key(name)
        beginObject()
        member("time", max(0, head.time.since(start)))
        member("start", String(head.startText.prefix(HTMLConnection.lineLimit)))
        beginArray("fields")
        for (index, field) in head.fields.all.prefix(HTMLConnection.fieldLimit).enumerated() {
            if index > 0 { raw(",") }
            list([field.name, field.value].map { String($0.prefix(HTMLConnection.lineLimit)) })
        }
        endArray()
        endObject()
    }

    mutating func write(html finding: Finding, at time: Int64) {
        beginObject()
        member("connection", finding.connection)
        member("frame", finding.frame)
        member("packet", finding.packet.rawValue)
        member("time", max(0, time))
        member("id", finding.violation.id.rawValue)
        if finding.violation.severity != finding.violation.id.severity {
            member("severity", finding.violation.severity.rawValue)
        }
        member("detail", finding.violation.detail)
        endObject()
    }

    /// Writes what the catalogue says of a finding, as a member of its name.
    mutating func write(entry id: FindingID) {
        key(id.rawValue)
        beginObject()
        member("severity", id.severity.rawValue)
        member("reference", id.reference)
        member("uri", URIText.rule(id.reference))
        member("meaning", id.meaning)
        member("explanation", id.explanation)
        endObject()
    }
}

extension Mark {
    /// What the style sheet calls it.
    var name: String {
        switch sign {
        case Mark.good.sign: "good"
        case Mark.error.sign: "error"
        case Mark.warning.sign: "warning"
        case Mark.note.sign: "note"
        case Mark.open.sign: "open"
        default: "partial"
        }
    }
}

extension CheckedRule.Outcome {
    fileprivate var name: String {
        switch self {
        case .kept: "kept"
        case .broken: "broken"
        case .notChecked: "unchecked"
        }
    }
}

extension DirectionStatistics {
    /// `7 messages in 9 frames, 812 B`.
    fileprivate var words: String {
        "\(Decimal.counted(messages, "message")) in \(Decimal.counted(frames, "frame")), "
            + "\(Decimal.grouped(payloadBytes)) B"
    }
}
