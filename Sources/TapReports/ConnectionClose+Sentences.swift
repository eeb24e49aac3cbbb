import TapAnalysis
import TapCore
import TapWebSocket

extension ConnectionClose {
    var mark: Mark {
        switch outcome {
        case .failed: return .warning
        case .normal where isClean: return .good
        case .application where isClean: return .note
        case .normal, .application, .cut, .open, nil: break
        }
        return endedBy.isEnd && isUnclean ? .warning : .partial
    }

    /// Whether there is more to say of it than that it ended.
    var isRemarkable: Bool { isUnclean || outcome == .failed || outcome == .application }

    /// The code that applications see, and who ended the connection: `1011 server`.
    var state: String {
        guard let initiator, body != nil || endedBy.isEnd else { return cause }
        return "\(cause) \(initiator.rawValue)"
    }

    /// The code alone, or what else became of the connection.
    var cause: String {
        // What stands for a close frame without a code, and for none. RFC 6455 §7.1.5.
        if let body { return "\(body.code?.rawValue ?? 1_005)" }
        switch endedBy {
        case .fin, .rst, .endStream, .resetStream, .goAway, .connectionClose: return isWithoutClose ? "1006" : "ended"
        case .captureEnd: return isEndKnown ? "open" : "not captured"
        case .evicted: return "not followed"
        }
    }

    /// Who ended the connection, and what the first close frame said.
    var headline: String {
        let who = initiator.map { " by the \($0.rawValue)" } ?? ""
        if let body { return "closed\(who): \(body.sentence)" }
        switch endedBy {
        case .fin, .endStream, .goAway, .connectionClose:
            return "closed\(who)\(isWithoutClose ? " without a close frame" : "")"
        case .rst, .resetStream: return "reset\(who)\(isWithoutClose ? " without a close frame" : "")"
        case .captureEnd, .evicted: return initiator == nil ? end : "half closed\(who), \(end)"
        }
    }

    /// What came before it, and what came of it.
    var ending: [String] {
        var items: [String] = []
        if let idleTime, idleTime >= 1_000_000_000 { items.append("after \(TimeText.duration(idleTime)) idle") }
        guard body == nil else {
            items.append(answer)
            if let closer = withoutAnswer { items.append("the \(closer.rawValue) sees 1006") }
            if let answerTime { items.append("answered after \(TimeText.duration(answerTime))") }
            return items + [end]
        }
        // What browsers and libraries report where there was no close frame. RFC 6455 §7.1.5.
        if endedBy.isEnd { items.append(withoutClose) }
        switch endedBy {
        case .endStream, .resetStream, .goAway, .connectionClose: items.append(end)
        case .fin, .rst, .captureEnd, .evicted: break
        }
        return items
    }

    /// Who closed and never got a close frame: browsers and libraries report 1006 there, whatever was sent. RFC 6455 §7.1.5.
    private var withoutAnswer: Sender? {
        guard let answerer, isWithoutClose(answerer), sign == .close, endedBy.isEnd else {
            return nil
        }
        return answerer.peer
    }

    private var withoutClose: String {
        guard !isWithoutClose else { return "applications see 1006" }
        let silent = Sender.allCases.first { isWithoutClose($0) }
        return silent.map { "the \($0.rawValue) sent no close frame" } ?? "close frames not known"
    }

    private var answer: String {
        guard let answerer else { return isClean ? cleanly : "answer not known" }
        return isWithoutClose(answerer) ? "close frame not answered" : "answer not known"
    }

    private var cleanly: String {
        switch outcome {
        case .failed: "failed"
        case .application: "by the application"
        case .normal, .cut, .open, nil: "clean"
        }
    }

    private var end: String {
        let who = endedBySender.map { " from the \($0.rawValue)" } ?? ""
        return switch endedBy {
        case .fin: "FIN\(who)"
        case .rst: "RST\(who)"
        case .endStream: "END_STREAM\(who)"
        case .resetStream: "\(name(of: .resetStream))\(who)\(resetCode.map { " (\($0))" } ?? "")"
        case .goAway: "GOAWAY\(who)"
        case .connectionClose: "CONNECTION_CLOSE\(who)"
        case .captureEnd: isEndKnown ? "open when the capture ends" : "end not captured"
        case .evicted: "not followed to its end"
        }
    }
}

extension CutPattern {
    /// What the times have in common, and what that usually means.
    var sentence: String {
        let what = failed == 0 ? "were cut" : failed == ofConnections ? "failed" : "were cut or failed"
        let noun = isOfExchanges ? "exchanges" : "connections"
        let cut = "\(connections) of \(ofConnections) \(noun) that \(what)"
        return switch measure {
        case .idle: "\(cut) had been idle for \(TimeText.duration(time)): a proxy timeout?"
        case .age: "\(cut) were \(TimeText.duration(time)) old: a limit on how long a connection may last?"
        case .moment: "\(cut) ended within \(TimeText.duration(time)) of each other: a restart?"
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
        if unanswered > 0 {
            // Where pongs may have been missed, only those that were seen are known.
            text +=
                clientPings.areAnswersKnown && serverPings.areAnswersKnown
                ? ", \(Decimal.grouped(unanswered)) unanswered" : ", \(Decimal.grouped(sent - unanswered)) answered"
        }
        let times = clientPings.roundTrips.joined(with: serverPings.roundTrips)
        if times.count == 1, let only = times.shortest {
            text += ", RTT \(TimeText.duration(only))"
        } else if let median = times.percentile(0.5), let high = times.percentile(0.95) {
            text += ", RTT median \(TimeText.duration(median)), p95 \(TimeText.duration(high))"
        }
        return text
    }
}
