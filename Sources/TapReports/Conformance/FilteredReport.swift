import TapAnalysis
import TapCore

/// A report on conformance that tells only what passes a filter. It is for reports without payloads.
public struct FilteredReport: Report {
    private var report: any Report
    private let filter: FindingFilter

    public init(_ report: any Report, _ filter: FindingFilter) {
        self.report = report
        self.filter = filter
    }

    public mutating func begin(_ origin: CaptureOrigin) { report.begin(origin) }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        guard !filter.isOpen else { return report.write(observations, start: start, to: &output) }
        var passed = Observations()
        for observation in observations.all {
            if let observation = filter.filtered(observation) { passed.append(observation) }
        }
        report.write(passed, start: start, to: &output)
    }

    public var tellsFaults: Bool { report.tellsFaults }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        report.finish(filter.filtered(summary), dropped: dropped, to: &output)
    }
}
