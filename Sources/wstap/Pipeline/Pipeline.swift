import TapAnalysis
import TapBytes
import TapFilters
import TapReports

/// From packets to a report: what the commands that analyze have in common.
struct Pipeline: ~Copyable {
    private var analyzer: Analyzer
    private var observations = Observations()
    /// When the first packet was captured.
    private var start: Timestamp?
    /// What of the observations is reported; `nil` where all are.
    private var filter: DisplayFilter?
    private var report: any Report
    private var output: Output
    /// Whether rows are written as soon as they are complete.
    private let isLive: Bool

    init(
        _ options: AnalysisOptions, _ report: any Report, to output: consuming Output, isLive: Bool,
        filter: DisplayFilter? = nil
    ) {
        analyzer = Analyzer(options: options)
        self.filter = filter
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
        let first = start ?? Timestamp(nanoseconds: 0)
        guard filter?.passes(comment, start: first) ?? true else { return }
        report.write(comment, start: first, to: &output.buffer)
        try output.flushWhenFull()
    }

    /// Ends the report and answers the totals.
    mutating func finish(dropped: UInt64 = 0) throws(OutputError) -> Summary {
        analyzer.finish()
        try writeObservations()
        if let rest = filter?.finish(start: start ?? Timestamp(nanoseconds: 0)) { try write(rest) }
        let summary = filter?.completed(analyzer.summary) ?? analyzer.summary
        report.finish(summary, dropped: dropped, to: &output.buffer)
        try output.flush()
        return summary
    }

    private mutating func writeObservations() throws(OutputError) {
        analyzer.takeObservations(into: &observations)
        try write(filter?.receive(observations, start: start ?? Timestamp(nanoseconds: 0)) ?? observations)
    }

    private mutating func write(_ observations: Observations) throws(OutputError) {
        var place = 0
        while place < observations.all.count {
            let part = observations.part(from: place)
            place += part.all.count
            report.write(part, start: start ?? Timestamp(nanoseconds: 0), to: &output.buffer)
            if isLive { try output.flush() } else { try output.flushWhenFull() }
        }
    }
}
