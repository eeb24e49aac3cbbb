import TapAnalysis
import TapWebSocket

extension JSONWriter {
    /// Rows of each table.
    private static let listed = 100

    /// All figures as one object.
    mutating func write(_ statistics: CaptureStatistics, _ summary: Summary, dropped: UInt64) {
        beginObject()
        member("type", "statistics")
        key("summary")
        write(summary, dropped: dropped)
        write("resources", statistics.resources)
        write("clients", statistics.clients)
        beginArray("busiest_connections")
        for connection in statistics.busiest { write(connection) }
        endArray()
        write("from_client", statistics.fromClient)
        write("from_server", statistics.fromServer)
        write("connection_seconds", statistics.durations, .time)
        write("tcp_rtt_seconds", statistics.tcpRoundTrips, .time)
        write(statistics.closings)
        write(statistics.timeline)
        endObject()
    }

    private mutating func write(_ name: String, _ table: TrafficTable) {
        key(name)
        beginObject()
        member("names", table.rows.count)
        beginArray("top")
        for row in table.ranked.prefix(JSONWriter.listed) {
            beginObject()
            member("name", row.name)
            write(row.traffic)
            endObject()
        }
        endArray()
        if table.others != Traffic() {
            beginObject("beyond_limit")
            write(table.others)
            endObject()
        }
        endObject()
    }

    private mutating func write(_ traffic: Traffic) {
        member("handshakes", traffic.handshakes)
        member("refused", traffic.refused)
        member("messages", traffic.messages)
        member("bytes_from_client", traffic.bytesFromClient)
        member("bytes_from_server", traffic.bytesFromServer)
    }

    private mutating func write(_ name: String, _ sent: SentStatistics) {
        key(name)
        beginObject()
        member("sent", sent.frames)
        write("message_bytes", sent.sizes, .bytes)
        write("message_gap_seconds", sent.gaps, .time)
        if sent.inflated + sent.notInflated > 0 {
            beginObject("compression")
            member("inflated", sent.inflated)
            member("not_inflated", sent.notInflated)
            member("wire_bytes", sent.compressedBytes)
            member("inflated_bytes", sent.inflatedBytes)
            endObject()
        }
        if sent.pings.isUsed { member("ping", sent.pings) }
        writeTransport("tcp", sent.frames)
        endObject()
    }

    /// - Parameter kind: what its values are.
    private mutating func write(_ name: String, _ distribution: Distribution, _ kind: Quantity.Kind) {
        let values = distribution.values
        guard let least = values.shortest, let most = values.longest, let median = values.percentile(0.5),
            let high = values.percentile(0.95)
        else { return }
        key(name)
        beginObject()
        member("count", values.count)
        member("min", least, kind)
        member("median", median, kind)
        member("p95", high, kind)
        member("max", most, kind)
        beginArray("steps")
        for step in distribution.steps {
            beginObject()
            member("from", step.from, kind)
            member("below", step.below, kind)
            member("count", step.count)
            endObject()
        }
        endArray()
        endObject()
    }

    private mutating func member(_ name: StaticString, _ value: Int64, _ kind: Quantity.Kind) {
        switch kind {
        case .bytes: member(name, value)
        case .time: member(name, seconds: value)
        }
    }

    private mutating func write(_ closings: ClosingStatistics) {
        beginObject("closes")
        member("connections", closings.count)
        member("clean", closings.clean)
        beginObject("outcomes")
        for outcome in ConnectionClose.Outcome.allCases {
            key(outcome.rawValue)
            number(closings.outcomes[outcome] ?? 0)
        }
        endObject()
        beginArray("codes")
        for (code, count) in closings.sortedCodes {
            beginObject()
            member("code", code?.rawValue)
            member("name", code?.name)
            member("count", count)
            endObject()
        }
        endArray()
        write("without_close_frame", closings.sortedCauses)
        if !closings.uncertain.isEmpty { write("close_frame_not_known", closings.sortedUncertain) }
        endObject()
    }

    private mutating func write(_ name: StaticString, _ causes: [(cause: ConnectionClose.Cause, count: UInt64)]) {
        beginObject(name)
        for (cause, count) in causes {
            key(cause.rawValue)
            number(count)
        }
        endObject()
    }

    private mutating func write(_ timeline: Timeline) {
        beginObject("timeline")
        member("step_seconds", seconds: timeline.step)
        member("frames_from_client", timeline.columns.map { Int(clamping: $0.fromClient) })
        member("frames_from_server", timeline.columns.map { Int(clamping: $0.fromServer) })
        endObject()
    }
}
