import TapAnalysis
import TapBytes

/// One record a line.
public struct NDJSONReport: Report {
    private let options: ReportOptions

    public init(_ options: ReportOptions = ReportOptions()) { self.options = options }

    public func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        JSONWriter.append(to: &output) { writer in
            for observation in observations.all where options.events.contains(observation.event) {
                writer.write(observation, of: observations, options)
                writer.raw("\n")
            }
        }
    }

    public func write(_ comment: CaptureComment, start: Timestamp, to output: inout [UInt8]) {
        guard options.events.contains(.comment) else { return }
        JSONWriter.append(to: &output) { writer in
            writer.write(comment)
            writer.raw("\n")
        }
    }

    public func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        guard options.events.contains(.summary) else { return }
        JSONWriter.append(to: &output) { writer in
            writer.write(summary, dropped: dropped)
            writer.raw("\n")
        }
    }
}
