import TapAnalysis
import TapCore
import TapReports

/// Where observations end up: in a text, in a folder, in a database.
protocol Destination: AnyObject {
    /// The report that grows there, where it is one.
    var report: (any Report)? { get }

    /// Whether a part of it is to be seen on the terminal, so that nothing else may be drawn there.
    var isOnScreen: Bool { get }

    /// Takes note of where the capture comes from, before anything else; only where there is something to say of that.
    func begin(_ origin: CaptureOrigin)

    /// - Parameter start: when the capture's first packet was seen.
    func write(_ observations: Observations, start: Timestamp) throws(OutputError)

    /// Takes what somebody wrote into the capture file.
    func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError)

    /// Nothing comes now: what waits to be written may be.
    func rest() throws(OutputError)

    /// Ends it, once.
    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError)

    /// Ends it, once, where nothing of any input could be read: what was there before stays, and only what can say why
    /// is written.
    func fail(_ summary: Summary) throws(OutputError)
}

extension Destination {
    var report: (any Report)? { nil }

    var isOnScreen: Bool { false }

    /// Most have no place for that.
    func begin(_ origin: CaptureOrigin) {}

    func fail(_ summary: Summary) throws(OutputError) {}

    /// Most let nothing wait.
    func rest() throws(OutputError) {}

    /// Most have no place for comments.
    func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {}
}
