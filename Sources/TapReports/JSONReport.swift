import TapAnalysis
import TapBytes

/// One JSON array of all records, written as they come; it is valid once finished, and with no records too.
public struct JSONReport: Report {
    private let options: ReportOptions
    private var isBegun = false

    public init(_ options: ReportOptions = ReportOptions()) { self.options = options }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        JSONWriter.append(to: &output) { writer in
            for observation in observations.all where options.events.contains(observation.event) {
                separate(&writer)
                writer.write(observation, of: observations, options)
            }
        }
    }

    public mutating func write(_ comment: CaptureComment, start: Timestamp, to output: inout [UInt8]) {
        guard options.events.contains(.comment) else { return }
        JSONWriter.append(to: &output) { writer in
            separate(&writer)
            writer.write(comment)
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        JSONWriter.append(to: &output) { writer in
            if options.events.contains(.summary) {
                separate(&writer)
                writer.write(summary, dropped: dropped)
            }
            writer.raw(isBegun ? "\n]\n" : "[]\n")
        }
    }

    private mutating func separate(_ writer: inout JSONWriter) {
        writer.raw(isBegun ? ",\n" : "[\n")
        isBegun = true
    }
}
