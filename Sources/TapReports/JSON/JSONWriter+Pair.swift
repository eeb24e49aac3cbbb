import TapAnalysis

extension JSONWriter {
    /// The other leg of a connection that passed a proxy.
    mutating func write(_ pair: LegPair) {
        beginObject("pair")
        member("connection", pair.connection)
        member("connection_id", pair.connectionID)
        member("by", pair.evidence.rawValue)
        member("leg", pair.leg.rawValue)
        if let delay = pair.delay { member("delay_seconds", seconds: delay) }
        if let delay = pair.answerDelay { member("answer_delay_seconds", seconds: delay) }
        if let changes = pair.requestChanges { write(changes, "request_fields") }
        if let changes = pair.responseChanges { write(changes, "response_fields") }
        if let end = pair.end {
            member("ended_first", end.first)
            if let lead = end.lead { member("ended_first_seconds", seconds: lead) }
        }
        endObject()
    }

    private mutating func write(_ changes: HeadChanges, _ name: StaticString) {
        beginObject(name)
        if !changes.lost.isEmpty { member("lost", changes.lost) }
        if !changes.added.isEmpty { member("added", changes.added) }
        if !changes.changed.isEmpty { member("changed", changes.changed) }
        endObject()
    }
}
