import TapAnalysis
import TapCore

/// One record a line.
public struct NDJSONReport: Report {
    private let options: ReportOptions
    private var writer = JSONWriter()

    public init(_ options: ReportOptions = ReportOptions()) {
        self.options = options
        writer.names = options.names
    }

    public mutating func begin(_ origin: CaptureOrigin) { writer.origin = origin }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        writer.exchange(with: &output)
        // By index: a loop over the observations themselves would copy each, which costs as much as a few members.
        let all = observations.all.span
        for index in all.indices where options.events.contains(all[index].event) {
            writer.write(all[index], of: observations, options)
            if writer.hasOrigin { writer.addOrigin(of: all[index].packetOfOrigin) }
            writer.endLine()
        }
        writer.exchange(with: &output)
    }

    public mutating func write(_ comment: CaptureComment, start: Timestamp, to output: inout [UInt8]) {
        guard options.events.contains(.comment) else { return }
        writer.exchange(with: &output)
        writer.write(comment)
        if writer.hasOrigin { writer.addOrigin(of: comment.packet) }
        writer.endLine()
        writer.exchange(with: &output)
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        guard options.events.contains(.summary) else { return }
        writer.exchange(with: &output)
        writer.write(summary, dropped: dropped)
        if writer.hasOrigin { writer.addOrigin(of: nil) }
        writer.endLine()
        writer.exchange(with: &output)
    }
}
