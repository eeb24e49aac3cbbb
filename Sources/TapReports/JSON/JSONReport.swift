import TapAnalysis
import TapCore

/// One JSON array of all records, written as they come; it is valid once finished, and with no records too.
public struct JSONReport: Report {
    private let options: ReportOptions
    private var writer = JSONWriter()
    private var isBegun = false

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
            separate()
            writer.write(all[index], of: observations, options)
            if writer.hasOrigin { writer.addOrigin(of: all[index].packetOfOrigin) }
        }
        writer.exchange(with: &output)
    }

    public mutating func write(_ comment: CaptureComment, start: Timestamp, to output: inout [UInt8]) {
        guard options.events.contains(.comment) else { return }
        writer.exchange(with: &output)
        separate()
        writer.write(comment)
        if writer.hasOrigin { writer.addOrigin(of: comment.packet) }
        writer.exchange(with: &output)
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        writer.exchange(with: &output)
        if options.events.contains(.summary) {
            separate()
            writer.write(summary, dropped: dropped)
            if writer.hasOrigin { writer.addOrigin(of: nil) }
        }
        writer.raw(isBegun ? "\n]\n" : "[]\n")
        writer.exchange(with: &output)
    }

    private mutating func separate() {
        writer.raw(isBegun ? ",\n" : "[\n")
        isBegun = true
    }
}
