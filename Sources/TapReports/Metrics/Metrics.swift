import TapAnalysis
import TapCore
import TapWebSocket

/// What is counted of a live capture for those who watch many machines. Labels are of few values each, whatever peers send.
package struct Metrics: Sendable {
    private struct Answer: Hashable { let verdict: Verdict, status: String }
    private struct End: Hashable { let code: String, side: Sender? }
    private struct Kind: Hashable { let sender: Sender, opcode: Opcode }
    private struct Fault: Hashable { let id: FindingID, severity: Severity }

    /// Connections of which pings are followed.
    private static let pingLimit = 10_000
    /// Different codes of applications that are told apart.
    private static let codeLimit = 100

    private var answers: [Answer: UInt64] = [:]
    private var ends: [End: UInt64] = [:]
    private var frames: [Kind: UInt64] = [:]
    private var bytes: [Sender: UInt64] = [:]
    private var findings: [Fault: UInt64] = [:]
    private var open = 0
    private var handshakeTimes = Histogram()
    private var answerTimes = Histogram()
    private var pingTimes = Histogram()
    private var tcpTimes = Histogram()
    private var pings: [Int: OpenPings] = [:]

    package init() {}

    package mutating func note(_ observations: Observations) {
        for observation in observations.all {
            switch observation {
            case .handshake(let handshake): note(handshake)
            case .frame(let frame): note(frame, observations.payload(of: frame))
            case .finding(let finding):
                let violation = finding.violation
                findings[Fault(id: violation.id, severity: violation.severity), default: 0] += 1
            case .connection(let connection): note(connection)
            case .message, .tls: break
            }
        }
    }

    private mutating func note(_ handshake: Handshake) {
        let status = Metrics.word(for: handshake.status)
        answers[Answer(verdict: handshake.verdict, status: status), default: 0] += 1
        if handshake.opensConnection { open += 1 }
        if let time = handshake.responseTime { handshakeTimes.add(time) }
        if let time = handshake.roundTrip { tcpTimes.add(time) }
    }

    private mutating func note(_ frame: Frame, _ payload: ArraySlice<UInt8>) {
        frames[Kind(sender: frame.sender, opcode: frame.header.opcode), default: 0] += 1
        bytes[frame.sender, default: 0] &+= frame.header.payloadLength
        for item in frame.application?.items ?? [] {
            if let latency = item.answer?.latency { answerTimes.add(latency) }
        }
        guard frame.header.opcode == .ping || frame.header.opcode == .pong else { return }
        guard pings[frame.connection] != nil || pings.count < Metrics.pingLimit else { return }
        if let time = pings[frame.connection, default: OpenPings()].note(frame, payload) { pingTimes.add(time) }
    }

    private mutating func note(_ connection: Connection) {
        open = max(0, open - 1)
        pings[connection.number] = nil
        let close = connection.close
        var end = End(code: close.metricsCode, side: close.initiator)
        if ends[end] == nil, ends.count >= Metrics.codeLimit { end = End(code: "other", side: close.initiator) }
        ends[end, default: 0] += 1
    }

    /// All of it as text.
    /// - Parameters:
    ///   - summary: the totals so far.
    ///   - dropped: packets that were lost.
    package func text(_ form: MetricsForm, _ summary: Summary, dropped: UInt64, version: String) -> [UInt8] {
        var text = MetricsText(form)
        text.info("wstap_build", "The version of wstap.", [("version", version)])
        text.counter("wstap_packets", "Packets captured.", [([], summary.packets)])
        text.counter("wstap_packets_dropped", "Packets that the kernel or the interface dropped.", [([], dropped)])
        text.counter(
            "wstap_handshakes", "Opening handshakes by verdict and by the status of the response.",
            answers.map { answer, count in
                ([("verdict", answer.verdict.rawValue), ("status", answer.status)], count)
            }.sorted { Metrics.key($0.labels) < Metrics.key($1.labels) })
        text.gauge("wstap_connections_open", "Connections that are open now.", open)
        text.counter(
            "wstap_closes",
            "Ends of connections by the code that applications see (1005: no code, 1006: no close frame), and by who ended them.",
            ends.map { end, count in
                ([("code", end.code), ("side", end.side?.rawValue ?? "unknown")], count)
            }.sorted { Metrics.key($0.labels) < Metrics.key($1.labels) })
        text.counter(
            "wstap_frames", "Frames by who sent them, and by kind.",
            frames.map { kind, count in
                ([("sender", kind.sender.rawValue), ("kind", kind.opcode.description)], count)
            }.sorted { Metrics.key($0.labels) < Metrics.key($1.labels) })
        text.counter(
            "wstap_payload_bytes", "Payload of frames on the wire, by who sent it.",
            Sender.allCases.map { ([("sender", $0.rawValue)], bytes[$0] ?? 0) })
        text.counter(
            "wstap_findings", "What was wrong, by name and by how bad it was.",
            findings.map { fault, count in
                ([("finding", fault.id.rawValue), ("severity", fault.severity.rawValue)], count)
            }.sorted { Metrics.key($0.labels) < Metrics.key($1.labels) })
        text.histogram(
            "wstap_handshake_seconds", "From the request of a handshake to its response.", [([], handshakeTimes)])
        text.histogram(
            "wstap_answer_seconds", "From requests in messages to their answers, in protocols that have some.",
            [([], answerTimes)])
        text.histogram("wstap_ping_round_trip_seconds", "From pings to their pongs.", [([], pingTimes)])
        text.histogram(
            "wstap_tcp_round_trip_seconds", "From TCP's SYN to what acknowledged its answer.", [([], tcpTimes)])
        text.end()
        return text.bytes
    }

    private static func word(for status: Int?) -> String {
        guard let status else { return "none" }
        return (100..<600).contains(status) ? "\(status)" : "other"
    }

    private static func key(_ labels: [(String, String)]) -> String { labels.map(\.1).joined(separator: " ") }
}

extension ConnectionClose {
    /// The code that applications see; a word if absent.
    fileprivate var metricsCode: String {
        if let body {
            guard let code = body.code?.rawValue else { return "1005" }
            return (1_000..<5_000).contains(code) ? "\(code)" : "other"
        }
        guard endedBy.isEnd else { return "unknown" }
        return isWithoutClose ? "1006" : "unknown"
    }
}
