import TapAnalysis
import TapTestSupport
import TapWebSocket

/// What the analysis observes of a conversation, without the packets that brought it.
struct SeenConnection {
    private struct SeenFinding: Equatable {
        let violation: Violation
        let frame: Int?
        let sender: Sender?
    }

    private struct SeenEnd: Equatable {
        let close: ConnectionClose
        let statistics: [DirectionStatistics]
        let pings: [PingStatistics]
    }

    private var frames: [SeenFrame] = []
    private var messages: [SeenMessage] = []
    private var findings: [SeenFinding] = []
    private var ends: [SeenEnd] = []
    private var verdicts: [Verdict] = []

    /// Every packet is captured at the same time.
    init(_ conversation: Conversation) {
        var options = AnalysisOptions()
        options.observesMessages = true
        options.findingsPerConnection = .max
        options.inflatedLimit = 1 << 18
        var analyzer = Analyzer(options: options)
        for (index, segment) in conversation.segments.enumerated() {
            let packet = segment.packet(number: UInt64(index + 1), nanoseconds: 0, .raw)
            if analyzer.receive(packet.header, packet.bytes.span.bytes) { take(from: &analyzer) }
        }
        analyzer.finish()
        take(from: &analyzer)
    }

    var hasLostSync: Bool {
        findings.contains { $0.violation.id == .captureResynchronised || $0.violation.id == .captureSyncLost }
    }

    /// Whether the heads of all were captured: others are recognised by where segments begin.
    var areHandshakesKnown: Bool { verdicts.allSatisfy { $0 != .midstream && $0 != .unverifiable } }

    private mutating func take(from analyzer: inout Analyzer) {
        var batch = Observations()
        analyzer.takeObservations(into: &batch)
        for observation in batch.all {
            switch observation {
            case .handshake(let handshake): verdicts.append(handshake.verdict)
            case .frame(let frame): frames.append(SeenFrame(frame, of: batch))
            case .message(let message): messages.append(SeenMessage(message, of: batch))
            case .finding(let finding):
                findings.append(
                    SeenFinding(violation: finding.violation, frame: finding.frame, sender: finding.sender))
            case .connection(let connection):
                ends.append(
                    SeenEnd(
                        close: connection.close, statistics: [connection.fromClient, connection.fromServer],
                        pings: [connection.clientPings, connection.serverPings]))
            case .tls: break
            }
        }
    }

    /// The first thing that is another in `other`.
    func difference(from other: SeenConnection) -> String? {
        difference(frames, other.frames) ?? difference(messages, other.messages)
            ?? difference(findings, other.findings) ?? difference(ends, other.ends)
            ?? difference(verdicts, other.verdicts)
    }

    private func difference<Item: Equatable>(_ ones: [Item], _ others: [Item]) -> String? {
        for (one, other) in zip(ones, others) where one != other { return "\(one) and \(other)" }
        return ones.count == others.count ? nil : "\(ones.count) and \(others.count) of \(Item.self)"
    }
}
