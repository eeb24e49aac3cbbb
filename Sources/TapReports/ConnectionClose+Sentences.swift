import TapAnalysis
import TapBytes
import TapWebSocket

extension ConnectionClose {
    var mark: Mark {
        if isClean { return .good }
        switch endedBy {
        case .fin, .rst: return .warning
        case .captureEnd, .evicted: return .partial
        }
    }

    /// Who ended the connection, and what the first close frame said.
    var headline: String {
        let who = initiator.map { " by the \($0.rawValue)" } ?? ""
        if let body { return "closed\(who): \(body.sentence)" }
        switch endedBy {
        case .fin: return "closed\(who) without a close frame"
        case .rst: return "reset\(who) without a close frame"
        case .captureEnd, .evicted: return initiator == nil ? end : "half closed\(who), \(end)"
        }
    }

    /// What came before it, and what came of it.
    var outcome: [String] {
        var items: [String] = []
        if let idleTime, idleTime >= 1_000_000_000 { items.append("after \(TimeText.tenths(idleTime)) idle") }
        guard body == nil else {
            items.append(isClean ? "clean" : "close frame not answered")
            if let closer = withoutAnswer { items.append("the \(closer.rawValue) sees 1006") }
            if let answerTime { items.append("answered after \(TimeText.duration(answerTime))") }
            return items + [end]
        }
        switch endedBy {
        // What browsers and libraries report where there was no close frame. RFC 6455 §7.1.5.
        case .fin, .rst: items.append("applications see 1006")
        case .captureEnd, .evicted: break
        }
        return items
    }

    /// Who closed and never got a close frame: browsers and libraries report 1006 there, whatever was sent. RFC 6455 §7.1.5.
    private var withoutAnswer: Sender? {
        guard !isClean, sign == .close, endedBy == .fin || endedBy == .rst else { return nil }
        return initiator
    }

    private var end: String {
        let who = endedBySender.map { " from the \($0.rawValue)" } ?? ""
        return switch endedBy {
        case .fin: "FIN\(who)"
        case .rst: "RST\(who)"
        case .captureEnd: "open when the capture ends"
        case .evicted: "not followed to its end"
        }
    }
}

extension CutPattern {
    /// What the times have in common, and what that usually means.
    var sentence: String {
        let cut = "\(connections) of \(ofConnections) connections that were cut"
        return switch measure {
        case .idle: "\(cut) had been idle for \(TimeText.tenths(time)): a proxy timeout?"
        case .age: "\(cut) were \(TimeText.tenths(time)) old: a limit on how long a connection may last?"
        case .moment: "\(cut) ended within \(TimeText.tenths(time)) of each other: a restart?"
        }
    }
}

extension Connection {
    /// How long it was open.
    var durationWords: String { duration.map(TimeText.duration) ?? "duration not known: the clock stepped back" }

    /// What became of the pings of both peers; `nil` where there were none.
    var pingSentence: String? {
        let sent = clientPings.sent + serverPings.sent
        guard sent > 0 else { return nil }
        var text = Decimal.counted(sent, "ping")
        let unanswered = clientPings.unanswered + serverPings.unanswered
        if unanswered > 0 { text += ", \(Decimal.grouped(unanswered)) unanswered" }
        let times = clientPings.roundTrips.joined(with: serverPings.roundTrips)
        if times.count == 1, let only = times.shortest {
            text += ", RTT \(TimeText.duration(only))"
        } else if let median = times.percentile(0.5), let high = times.percentile(0.95) {
            text += ", RTT median \(TimeText.duration(median)), p95 \(TimeText.duration(high))"
        }
        return text
    }
}
