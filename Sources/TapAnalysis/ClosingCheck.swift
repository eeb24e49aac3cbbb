import TapSubprotocols
import TapWebSocket

/// Judges a connection's end, once both directions are over. RFC 6455 §7.
enum ClosingCheck {
    /// - Parameters:
    ///   - isAbsenceCertain: whether a close frame of a peer would have been seen.
    static func violation(_ closing: ClosingLog, isAbsenceCertain: (Sender) -> Bool) -> Violation? {
        guard let (ender, end) = closing.ender else { return nil }
        if let closer = closing.unanswered {
            guard isAbsenceCertain(closer.peer) else { return nil }
            let (sign, evidence) = what(end, closing)
            let detail =
                ender == closer
                ? "the \(closer.rawValue) sent a close frame, and then \(sign) without waiting for the answer"
                : "the \(ender.rawValue) got a close frame, and sent \(sign) in place of an answer"
            return Violation(.closeUnanswered, by: ender, detail, evidence)
        }
        guard closing.verdict.body == nil, isAbsenceCertain(.client), isAbsenceCertain(.server) else { return nil }
        let (sign, evidence) = what(end, closing)
        let time = closing.verdict.idleTime ?? 0
        let idle = time >= 1_000_000 ? " after \(Seconds.text(time)) without traffic" : ""
        // What the other peer had sent by then may still come, and nobody looks at it any more.
        let missing = end == .resetStream ? "before any close frame" : "and neither side a close frame"
        return Violation(.closeMissing, by: ender, "the \(ender.rawValue) sent \(sign)\(idle), \(missing)", evidence)
    }

    private static func what(_ end: ConnectionClose.Sign, _ closing: ClosingLog) -> (String, [Evidence]) {
        let code = end == .resetStream ? closing.verdict.resetCode : nil
        let sign = closing.verdict.name(of: end) + (code.map { " (\($0))" } ?? "")
        var evidence = [Evidence("ended_by", .text(end.rawValue))]
        if let code { evidence.append(Evidence("reset_code", .text("\(code)"))) }
        if let idle = closing.verdict.idleTime {
            evidence.append(Evidence("idle_milliseconds", .number(UInt64(idle / 1_000_000))))
        }
        return (sign, evidence)
    }
}

/// Judges what the first close frame says. RFC 6455 §7.4.
enum CloseCodeCheck {
    /// - Parameter close: how the connection ended, as far as that is known.
    static func violation(_ first: ClosingLog.Close, _ close: ConnectionClose) -> Violation? {
        guard let code = close.body?.code, let severity = severity(of: code) else { return nil }
        let evidence = [Evidence("code", .number(UInt64(code.rawValue)))]
        let words =
            code.rawValue < 4000
            ? "\(code.rawValue) (\(code.name))" : "\(code.rawValue), a code of the application's own"
        let peer = first.sender.peer
        // What is missing of the other side may have been the first close frame.
        guard close.closers.contains(Sides(peer)) || close.whole.contains(peer) else { return nil }
        return Violation(
            .closeAbnormal, as: severity, by: first.sender, "the \(first.sender.rawValue) closed with \(words)",
            evidence)
    }

    /// Codes that must not be sent have a finding of their own.
    private static func severity(of code: CloseCode) -> Severity? {
        switch code.rawValue {
        case 1002, 1003, 1007...1014: .warning
        case 3000...4999: .note
        default: nil
        }
    }
}
