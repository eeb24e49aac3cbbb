import TapAnalysis
import TapPackets
import TapWebSocket

extension JSONWriter {
    mutating func write(_ connection: Connection) {
        beginObject()
        member("type", "connection")
        member("connection", connection.number)
        member("client", connection.client)
        member("server", connection.server)
        member("opened", connection.opened)
        member("closed", connection.closed)
        member("duration_seconds", seconds: connection.closed.since(connection.opened))
        beginObject("close")
        member("initiator", connection.close.initiator?.rawValue)
        if let body = connection.close.body { write(body) }
        member("clean", connection.close.isClean)
        member("ended_by", connection.close.endedBy.rawValue)
        endObject()
        member("from_client", connection.fromClient)
        member("from_server", connection.fromServer)
        endObject()
    }

    private mutating func member(_ name: StaticString, _ sent: DirectionStatistics) {
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

    mutating func write(_ summary: Summary, dropped: UInt64) {
        beginObject()
        member("type", "summary")
        member("packets", summary.packets)
        member("bytes", summary.bytes)
        member("first_time", summary.firstTime)
        member("last_time", summary.lastTime)
        member("flows", summary.flows)
        member("connections", summary.connections)
        member("frames", summary.frames)
        member("messages", summary.messages)
        beginObject("handshakes")
        for verdict in Verdict.allCases { count(verdict.rawValue, UInt64(clamping: summary.handshakes[verdict] ?? 0)) }
        endObject()
        beginObject("findings")
        for (id, number) in summary.findings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            count(id.rawValue, UInt64(clamping: number))
        }
        endObject()
        if summary.flowsGivenUp > 0 { count("flows_given_up", UInt64(clamping: summary.flowsGivenUp)) }
        beginObject("other_packets")
        for kind in OtherPacket.allCases {
            if let number = summary.otherPackets[kind], number > 0 { count(kind.rawValue, number) }
        }
        endObject()
        member("dropped", dropped)
        endObject()
    }

    private mutating func count(_ name: String, _ value: UInt64) {
        key(name)
        number(value)
    }
}
