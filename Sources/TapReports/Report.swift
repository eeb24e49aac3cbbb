import TapAnalysis
import TapCore

/// Turns observations into bytes for a file or a terminal. It only appends to its output; where that goes, and when, is
/// the caller's business.
public protocol Report {
    /// Takes note of where the capture comes from, before anything else; only where there is something to say of that.
    mutating func begin(_ origin: CaptureOrigin)

    /// Appends what the report says of a batch of observations.
    /// - Parameter start: when the capture's first packet was seen; relative times count from there.
    mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8])

    /// Appends what somebody wrote into the capture file.
    mutating func write(_ comment: CaptureComment, start: Timestamp, to output: inout [UInt8])

    /// Appends the end of the report, once.
    /// - Parameter dropped: packets that a live capture lost; 0 for files.
    mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8])

    /// Takes note that the terminal has so many columns from now on.
    mutating func resize(to width: Int)

    /// Whether the end of the report says which inputs could not be read, so that it is worth writing even where none was.
    var tellsFaults: Bool { get }
}

extension Report {
    /// Most formats have no place for that.
    public var tellsFaults: Bool { false }

    /// Most formats do not go to a terminal.
    public mutating func resize(to width: Int) {}

    /// Most formats have no place for that.
    public mutating func begin(_ origin: CaptureOrigin) {}

    /// Most formats have no place for comments.
    public mutating func write(_ comment: CaptureComment, start: Timestamp, to output: inout [UInt8]) {}
}
