import TapAnalysis
import TapBytes
import TapReports

/// From packets to a report: what the commands that analyze have in common.
struct Pipeline: ~Copyable {
    private var analyzer: Analyzer
    private var observations = Observations()
    /// When the first packet was captured.
    private var start: Timestamp?
    private(set) var report: any Report
    private var output: Output
    /// Whether rows are written as soon as they are complete.
    private let isLive: Bool

    init(_ options: AnalysisOptions, _ report: any Report, to output: consuming Output, isLive: Bool) {
        analyzer = Analyzer(options: options)
        self.report = report
        self.output = output
        self.isLive = isLive
    }

    mutating func receive(_ packet: PacketHeader, _ bytes: RawSpan) throws(OutputError) {
        if start == nil { start = packet.timestamp }
        if analyzer.receive(packet, bytes) { try writeObservations() }
    }

    /// Tells of a comment that stands in the capture.
    mutating func note(_ comment: CaptureComment) throws(OutputError) {
        if case .packet(_, let time) = comment.subject, start == nil { start = time }
        report.write(comment, start: start ?? Timestamp(nanoseconds: 0), to: &output.buffer)
        try output.flushWhenFull()
    }

    /// Ends the report and answers the totals.
    mutating func finish(dropped: UInt64 = 0) throws(OutputError) -> Summary {
        analyzer.finish()
        try writeObservations()
        let summary = analyzer.summary
        report.finish(summary, dropped: dropped, to: &output.buffer)
        try output.flush()
        return summary
    }

    private mutating func writeObservations() throws(OutputError) {
        analyzer.takeObservations(into: &observations)
        var place = 0
        while place < observations.all.count {
            let part = observations.part(from: place)
            place += part.all.count
            report.write(part, start: start ?? Timestamp(nanoseconds: 0), to: &output.buffer)
            if isLive { try output.flush() } else { try output.flushWhenFull() }
        }
    }
}
