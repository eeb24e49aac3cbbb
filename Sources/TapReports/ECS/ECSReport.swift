import TapAnalysis
import TapCore

/// Documents of the Elastic Common Schema, version 8.11, one a line: a document for each record, with what the schema
/// has names for under those names, and the record itself under `wstap`.
///
/// As a bulk request each document has a line before it that says what to do with it.
public struct ECSReport: Report {
    private let options: ReportOptions
    private let isBulk: Bool
    private var known = KnownConnections()

    /// - Parameter isBulk: whether this is the body of a bulk request to Elasticsearch.
    public init(_ options: ReportOptions = ReportOptions(), isBulk: Bool) {
        self.options = options
        self.isBulk = isBulk
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        JSONWriter.append(to: &output) { writer in
            for observation in observations.all {
                known.note(observation)
                guard options.events.contains(observation.event) else { continue }
                if isBulk { writer.raw(#"{"create":{"_index":"logs-wstap-default"}}"#) }
                if isBulk { writer.raw("\n") }
                let facts = observation.connectionNumber.flatMap { known[$0] }
                writer.write(ecs: observation, of: facts, observations, options)
            }
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {}
}
