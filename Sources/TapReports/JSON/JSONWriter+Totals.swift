import TapAnalysis
import TapCore
import TapSubprotocols
import TapTransport
import TapWebSocket

extension JSONWriter {
    mutating func write(_ connection: Connection) {
        beginObject()
        member("type", "connection")
        member("connection", connection.number)
        member("connection_id", connection.id)
        member("client", connection.client)
        member("server", connection.server)
        if let stream = connection.stream { write(stream) }
        if let tls = connection.tls { write(tls) }
        member("opened", connection.opened)
        member("closed", connection.closed)
        if let duration = connection.duration { member("duration_seconds", seconds: duration) }
        beginObject("close")
        write(connection.close)
        endObject()
        member("from_client", connection.fromClient)
        member("from_server", connection.fromServer)
        write(connection.clientPings, connection.serverPings)
        writeTransport(connection)
        if let pair = connection.pair { write(pair) }
        if let application = connection.application { write(application) }
        endObject()
    }

    private mutating func write(_ close: ConnectionClose) {
        member("initiator", close.initiator?.rawValue)
        member("initiated_by", close.sign?.rawValue)
        if let idle = close.idleTime { member("idle_seconds", seconds: idle) }
        if let body = close.body { write(body) }
        // Where the answer may be among missing bytes, nothing is said of it.
        if close.sign == .close, close.isClean || close.isUnclean { member("answered", close.isClean) }
        if let time = close.answerTime { member("answer_seconds", seconds: time) }
        member("clean", close.isClean)
        member("outcome", close.outcome?.rawValue)
        member("ended_by", close.endedBy.rawValue)
        member("ended_by_sender", close.endedBySender?.rawValue)
        member("reset_code", close.resetCode?.description)
    }

    /// Nothing where there were no pings and no pongs.
    private mutating func write(_ client: PingStatistics, _ server: PingStatistics) {
        guard client.isUsed || server.isUsed else { return }
        beginObject("ping")
        member("sent", client.sent + server.sent)
        member("answered", client.answered + server.answered)
        member("unsolicited_pongs", client.unsolicitedPongs + server.unsolicitedPongs)
        member("rtt_seconds", client.roundTrips.joined(with: server.roundTrips))
        member("from_client", client)
        member("from_server", server)
        endObject()
    }

    /// What TCP had to do; nothing where there is nothing to say.
    private mutating func writeTransport(_ connection: Connection) {
        let (client, server) = (connection.fromClient, connection.fromServer)
        guard connection.roundTrip != nil || client.hadTrouble || server.hadTrouble else { return }
        beginObject("tcp")
        if let time = connection.roundTrip { member("rtt_seconds", seconds: time) }
        writeTransport("from_client", client)
        writeTransport("from_server", server)
        endObject()
    }

    mutating func writeTransport(_ name: StaticString, _ sent: DirectionStatistics) {
        guard sent.hadTrouble else { return }
        beginObject(name)
        if sent.retransmittedSegments > 0 { member("retransmitted_segments", sent.retransmittedSegments) }
        if sent.zeroWindowTime > 0 { member("zero_window_seconds", seconds: sent.zeroWindowTime) }
        endObject()
    }

    mutating func member(_ name: StaticString, _ pings: PingStatistics) {
        guard pings.isUsed else { return }
        beginObject(name)
        member("sent", pings.sent)
        member("answered", pings.answered)
        if pings.areAnswersKnown { member("unanswered", pings.unanswered) }
        member("unsolicited_pongs", pings.unsolicitedPongs)
        member("stray_pongs", pings.strayPongs)
        member("rtt_seconds", pings.roundTrips)
        endObject()
    }

    mutating func member(_ name: StaticString, _ times: RoundTrips) {
        guard let shortest = times.shortest, let longest = times.longest, let median = times.percentile(0.5),
            let high = times.percentile(0.95)
        else { return }
        beginObject(name)
        member("min", seconds: shortest)
        member("median", seconds: median)
        member("p95", seconds: high)
        member("max", seconds: longest)
        endObject()
    }

    mutating func member(_ name: StaticString, _ sent: DirectionStatistics) {
        beginObject(name)
        member("frames", sent.frames)
        member("messages", sent.messages)
        member("payload_bytes", sent.payloadBytes)
        member("text", sent.text)
        member("binary", sent.binary)
        member("continuation", sent.continuation)
        member("ping", sent.ping)
        member("pong", sent.pong)
        member("close", sent.close)
        if sent.reserved > 0 { member("reserved", sent.reserved) }
        member("missing_bytes", sent.missingBytes)
        if sent.undecodedBytes > 0 { member("undecoded_bytes", sent.undecodedBytes) }
        endObject()
    }

    /// Counts the renamings and removals of members; what is added changes nothing for who reads records.
    private static let schemaVersion = 2

    mutating func write(_ summary: Summary, dropped: UInt64) {
        beginObject()
        member("type", "summary")
        member("schema_version", JSONWriter.schemaVersion)
        member("packets", summary.packets)
        member("bytes", summary.bytes)
        member("first_time", summary.firstTime)
        member("last_time", summary.lastTime)
        member("flows", summary.flows)
        member("connections", summary.connections)
        member("exchanges", summary.exchanges)
        member("frames", summary.frames)
        member("messages", summary.messages)
        beginObject("handshakes")
        for verdict in Verdict.allCases { count(verdict.rawValue, UInt64(clamping: summary.handshakes[verdict] ?? 0)) }
        endObject()
        beginObject("finding_counts")
        for (id, number) in summary.findings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            count(id.rawValue, UInt64(clamping: number))
        }
        endObject()
        beginObject("severity_counts")
        let severities = summary.severities
        for severity in Severity.allCases { count(severity.rawValue, UInt64(clamping: severities[severity] ?? 0)) }
        endObject()
        if let shown = summary.shown { write(shown) }
        if let pattern = summary.cuts.pattern { write(pattern) }
        if summary.incompletePackets > 0 {
            count("incomplete_packets", UInt64(clamping: summary.incompletePackets))
        }
        if summary.flowsGivenUp > 0 { count("flows_given_up", UInt64(clamping: summary.flowsGivenUp)) }
        if summary.pairsGivenUp > 0 { count("pairs_given_up", UInt64(clamping: summary.pairsGivenUp)) }
        write(summary.unreadItems)
        write(summary.tls, "tls")
        write(summary.quic, "quic")
        write(summary.http2, "http2")
        write(summary.http3, "http3")
        beginObject("other_packets")
        for kind in OtherPacket.allCases {
            if summary.otherPackets[kind] > 0 { count(kind.rawValue, summary.otherPackets[kind]) }
        }
        endObject()
        member("dropped", dropped)
        endObject()
    }

    /// Nothing where all was read.
    private mutating func write(_ items: [UnreadItem]) {
        guard !items.isEmpty else { return }
        beginArray("unread")
        for item in items {
            beginObject()
            member("kind", item.kind.rawValue)
            member("name", item.name)
            if let number = item.number { count("number", number) }
            if let packets = item.packets { count("packets", packets) }
            if let connections = item.connections { count("connections", connections) }
            endObject()
        }
        endArray()
    }

    /// Nothing where there was none.
    private mutating func write(_ totals: HTTP2Totals, _ name: StaticString) {
        guard totals.connections > 0 else { return }
        beginObject(name)
        member("connections", totals.connections)
        member("websockets", totals.tunnels)
        member("requests", totals.requests)
        member("grpc_requests", totals.gRPCRequests)
        member("connects", totals.connects)
        member("other_protocols", totals.otherProtocols)
        member("pushes", totals.pushes)
        endObject()
    }

    /// The stream of HTTP/2 that a connection is.
    mutating func write(_ stream: TunnelStream) {
        member("transport", stream.transport.rawValue)
        member("stream", UInt64(stream.number))
    }

    private mutating func write(_ shown: ShownTotals) {
        beginObject("shown")
        member("filter", shown.filter)
        member("connections", shown.connections)
        member("frames", shown.frames)
        member("messages", shown.messages)
        beginObject("finding_counts")
        for (id, number) in shown.findings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            count(id.rawValue, UInt64(clamping: number))
        }
        endObject()
        if !shown.absent.isEmpty {
            beginObject("absent")
            for (field, number) in shown.absent.sorted(by: { $0.key < $1.key }) { count(field, number) }
            endObject()
        }
        if shown.givenUp > 0 { member("given_up", shown.givenUp) }
        if shown.framesWithoutMessage > 0 { member("frames_without_message", shown.framesWithoutMessage) }
        endObject()
    }

    private mutating func write(_ pattern: CutPattern) {
        beginObject("cut_pattern")
        member("measure", pattern.measure.rawValue)
        member("seconds", seconds: pattern.time)
        member("connections", pattern.connections)
        member("of", pattern.ofConnections)
        if pattern.isOfExchanges { member("of_exchanges", true) }
        endObject()
    }

    mutating func count(_ name: String, _ value: UInt64) {
        key(name)
        number(value)
    }
}

extension DirectionStatistics {
    /// Whether TCP had more to do than to send and to acknowledge.
    var hadTrouble: Bool { retransmittedSegments > 0 || zeroWindowTime > 0 }

    /// `2 segments sent again`, and how long it took nothing.
    var troubleWords: [String] {
        var words: [String] = []
        if retransmittedSegments > 0 { words.append("\(Decimal.counted(retransmittedSegments, "segment")) sent again") }
        if zeroWindowTime > 0 { words.append("took nothing for \(Seconds.text(zeroWindowTime))") }
        return words
    }
}
