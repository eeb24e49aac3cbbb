import TapSubprotocols
import TapWebSocket

/// Judges a connection's end, once both directions are over. RFC 6455 §7.
enum ClosingCheck {
    /// - Parameters:
    ///   - isAbsenceCertain: whether a close frame of a peer would have been seen.
    static func violation(_ closing: ClosingLog, isAbsenceCertain: (Sender) -> Bool) -> Violation? {
        guard let ender = closing.verdict.endedBySender else { return nil }
        if let closer = closing.unanswered {
            guard isAbsenceCertain(closer.peer) else { return nil }
            let (sign, evidence) = what(closing)
            let detail =
                ender == closer
                ? "the \(closer.rawValue) sent a close frame, and then \(sign) without waiting for the answer"
                : "the \(ender.rawValue) got a close frame, and sent \(sign) in place of an answer"
            return Violation(.closeUnanswered, by: ender, detail, evidence)
        }
        guard closing.verdict.body == nil, isAbsenceCertain(.client), isAbsenceCertain(.server) else { return nil }
        let (sign, evidence) = what(closing)
        let time = closing.verdict.idleTime ?? 0
        let idle = time >= 1_000_000 ? " after \(Seconds.text(time)) without traffic" : ""
        return Violation(
            .closeMissing, by: ender,
            "the \(ender.rawValue) sent \(sign)\(idle), and neither side a close frame", evidence)
    }

    private static func what(_ closing: ClosingLog) -> (String, [Evidence]) {
        let sign = closing.firstEnd == .rst ? "RST" : "FIN"
        var evidence = [Evidence("ended_by", .text(sign.lowercased()))]
        if let idle = closing.verdict.idleTime {
            evidence.append(Evidence("idle_milliseconds", .number(UInt64(idle / 1_000_000))))
        }
        return (sign, evidence)
    }
}
