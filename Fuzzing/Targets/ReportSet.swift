import TapAnalysis
import TapBytes
import TapReports

/// Every report of the same observations.
struct ReportSet {
    private static let events = ReportEvents(ReportEvents.named.map(\.event))

    private var outputs = [
        ReportOutput(TableReport(ReportOptions(events: events, payload: .preview), width: 80), .terminal),
        ReportOutput(TableReport(ReportOptions(events: events, payload: .full), times: .absolute), .terminal),
        ReportOutput(HandshakeReport(width: 80), .terminal),
        ReportOutput(NDJSONReport(ReportOptions(events: events)), .jsonLines),
        ReportOutput(JSONReport(ReportOptions(events: events, payload: .preview)), .json),
        ReportOutput(SARIFReport(files: ["a b.pcap"], version: "1.0"), .json),
        ReportOutput(CSVReport(), .text),
        ReportOutput(JUnitReport(), .text),
    ]
    private var frames: UInt64 = 0
    private var start: Timestamp?

    mutating func note(_ packet: PacketHeader) { start = start ?? packet.timestamp }

    mutating func write(_ observations: Observations) {
        for case .frame in observations.all { frames += 1 }
        let start = start ?? Timestamp(nanoseconds: 0)
        for index in outputs.indices { outputs[index].write(observations, start: start) }
    }

    mutating func finish(_ summary: Summary) {
        Property.hold(frames == summary.frames, "\(frames) of \(summary.frames) frames were observed")
        for index in outputs.indices { outputs[index].finish(summary) }
    }
}
