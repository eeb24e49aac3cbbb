import TapAnalysis
import TapBytes

/// Where observations end up: in a text, in a folder, in a database.
protocol Destination: ~Copyable {
    /// - Parameter start: when the capture's first packet was seen.
    mutating func write(_ observations: Observations, start: Timestamp) throws(OutputError)

    /// Takes what somebody wrote into the capture file.
    mutating func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError)

    /// Ends it, once.
    mutating func finish(_ summary: Summary, dropped: UInt64) throws(OutputError)
}

extension Destination where Self: ~Copyable {
    /// Most have no place for comments.
    mutating func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {}
}
