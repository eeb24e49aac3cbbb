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
        let sign = end.name + (code.map { " (\($0))" } ?? "")
        var evidence = [Evidence("ended_by", .text(end.rawValue))]
        if let code { evidence.append(Evidence("code", .text("\(code)"))) }
        if let idle = closing.verdict.idleTime {
            evidence.append(Evidence("idle_milliseconds", .number(UInt64(idle / 1_000_000))))
        }
        return (sign, evidence)
    }
}
