import TapAnalysis
import TapCore
import TapRedaction
import TapReports

/// Every report of the same observations.
struct ReportSet {
    private static let events = ReportEvents(ReportEvents.named.map(\.event))

    private var outputs = [
        ReportOutput(TableReport(ReportOptions(events: events, payload: .preview), width: 80), .terminal),
        ReportOutput(TableReport(ReportOptions(events: events, payload: .full), times: .absolute), .terminal),
        ReportOutput(HandshakeReport(width: 80), .terminal),
        ReportOutput(FollowReport(1, form: .dialogue(width: 80, color: false, hasSides: true)), .terminal),
        ReportOutput(StatsReport(.page(width: 80, color: false)), .terminal),
        ReportOutput(StatsReport(.json), .json),
        ReportOutput(NDJSONReport(ReportOptions(events: events)), .jsonLines),
        ReportOutput(JSONReport(ReportOptions(events: events, payload: .preview)), .json),
        ReportOutput(SARIFReport(files: ["a b.pcap"], version: "1.0"), .json),
        ReportOutput(CSVReport(), .text),
        ReportOutput(HTMLReport(), .text),
        ReportOutput(CSVReport(separatedBy: .tab), .text),
        ReportOutput(HARReport(version: "1.0"), .json),
        ReportOutput(ECSReport(ReportOptions(events: events), isBulk: true), .jsonLines),
        ReportOutput(ZeekReport(.tabs), .text),
        ReportOutput(ZeekReport(.json), .jsonLines),
        ReportOutput(SuricataReport(), .jsonLines),
        ReportOutput(JUnitReport(), .text),
    ]
    private var redacted = ReportOutput(NDJSONReport(ReportOptions(events: events)), .jsonLines)
    private var redaction = Redaction(.secrets)
    private var frames: UInt64 = 0
    private var start: Timestamp?

    mutating func note(_ packet: PacketHeader) { start = start ?? packet.timestamp }

    mutating func write(_ observations: Observations) {
        for case .frame in observations.all { frames += 1 }
        let start = start ?? Timestamp(nanoseconds: 0)
        for index in outputs.indices { outputs[index].write(observations, start: start) }
        var shared = observations
        redaction.redact(&shared)
        redacted.write(shared, start: start)
    }

    mutating func finish(_ summary: Summary) {
        Property.hold(frames == summary.frames, "\(frames) of \(summary.frames) frames were observed")
        for index in outputs.indices { outputs[index].finish(summary) }
        redacted.finish(summary)
    }
}
