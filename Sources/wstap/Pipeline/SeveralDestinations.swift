import TapAnalysis
import TapCore

/// Several destinations of one analysis. Where one fails, the others are written to their ends all the same, and the
/// failure is thrown then.
final class SeveralDestinations: Destination {
    private var destinations: [any Destination]
    private var failure: OutputError?

    init(_ destinations: [any Destination]) { self.destinations = destinations }

    var isOnScreen: Bool { destinations.contains(where: \.isOnScreen) }

    func begin(_ origin: CaptureOrigin) {
        for destination in destinations { destination.begin(origin) }
    }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        try forEach { destination throws(OutputError) in try destination.write(observations, start: start) }
    }

    func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {
        try forEach { destination throws(OutputError) in try destination.write(comment, start: start) }
    }

    func rest() throws(OutputError) {
        try forEach { destination throws(OutputError) in try destination.rest() }
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        try forEach { destination throws(OutputError) in try destination.finish(summary, dropped: dropped) }
        if let failure { throw failure }
    }

    func fail(_ summary: Summary) throws(OutputError) {
        try forEach { destination throws(OutputError) in try destination.fail(summary) }
        if let failure { throw failure }
    }

    /// Does something with each, and goes on without those that fail while any is left.
    private func forEach(_ body: (any Destination) throws(OutputError) -> Void) throws(OutputError) {
        var failed: [Int] = []
        for (index, destination) in destinations.enumerated() {
            do { try body(destination) } catch {
                // That somebody has read enough is no failure, and hides none.
                if case .failed = failure {} else { failure = error }
                failed.append(index)
            }
        }
        for index in failed.reversed() { destinations.remove(at: index) }
        if destinations.isEmpty, let failure { throw failure }
    }
}
