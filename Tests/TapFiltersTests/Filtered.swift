import TapAnalysis
import TapCore
import TapFilters
import TapTestSupport

/// What of some packets passes a filter.
struct Filtered {
    /// One word for each record: `handshake 1`, `frame 1.3`, `message 1.2`, `finding 1 frame-client-unmasked`, `end 1`.
    private(set) var records: [String] = []
    private(set) var payloads: [String] = []
    let summary: Summary

    init(
        _ packets: [CapturedPacket], _ filter: String, packetsOfBatch: Int = 1,
        showing change: (inout AnalysisOptions) -> Void = { _ in }
    ) throws {
        var options = AnalysisOptions()
        change(&options)
        var filter = DisplayFilter(try FilterExpression(filter), extending: &options, payloadLimit: 1 << 20)
        var analyzer = Analyzer(options: options)
        let start = packets.first?.header.timestamp ?? Timestamp(nanoseconds: 0)
        var records: [String] = []
        var payloads: [String] = []
        var batch = Observations()
        func note(_ passed: Observations) {
            for observation in passed.all {
                records.append(Filtered.word(observation))
                if case .frame(let frame) = observation {
                    payloads.append(String(decoding: passed.payload(of: frame), as: UTF8.self))
                }
            }
        }
        for (index, packet) in packets.enumerated() {
            analyzer.receive(packet.header, packet.bytes.span.bytes)
            guard (index + 1) % packetsOfBatch == 0 else { continue }
            analyzer.takeObservations(into: &batch)
            note(filter.receive(batch, start: start))
        }
        analyzer.finish()
        analyzer.takeObservations(into: &batch)
        note(filter.receive(batch, start: start))
        note(filter.finish(start: start))
        self.records = records
        self.payloads = payloads
        summary = filter.completed(analyzer.summary)
    }

    init(_ conversation: Conversation, _ filter: String) throws {
        try self.init(conversation.segments.packets(), filter)
    }

    var frames: [String] { records.filter { $0.hasPrefix("frame ") } }

    private static func word(_ observation: Observation) -> String {
        switch observation {
        case .handshake(let handshake): "handshake \(handshake.connection)"
        case .frame(let frame): "frame \(frame.connection).\(frame.number)"
        case .message(let message): "message \(message.connection).\(message.number)"
        case .finding(let finding): "finding \(finding.connection) \(finding.violation.id.rawValue)"
        case .connection(let connection): "end \(connection.number)"
        case .tls(let unread): "tls \(unread.packet.rawValue)"
        }
    }
}
