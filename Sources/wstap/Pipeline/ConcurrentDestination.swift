import Synchronization
import TapAnalysis
import TapCore
import TapReports

/// Has another destination write on a thread of its own, in the same order: to make text of observations takes longer
/// than to analyze packets.
///
/// The thread begins when there is more than one batch, so that a small capture has none.
final class ConcurrentDestination: Destination {
    private let writer: Writer
    private var thread: WorkerThread?
    private var hasBegun = false

    private static let batches = 8

    init(_ destination: any Destination) {
        writer = Writer(destination, Relay((0..<ConcurrentDestination.batches).map { _ in Batch() }))
    }

    deinit { _ = join() }

    /// Only while nothing is being written.
    var report: (any Report)? { writer.destination.report }

    var isOnScreen: Bool {
        thread == nil ? writer.destination.isOnScreen : writer.isOnScreen.load(ordering: .relaxed)
    }

    func begin(_ origin: CaptureOrigin) { writer.destination.begin(origin) }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        try handOver(.observations(observations), start)
    }

    func write(_ comment: CaptureComment, start: Timestamp) throws(OutputError) {
        try handOver(.comment(comment), start)
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        if let failure = join() { throw failure }
        try writer.destination.finish(summary, dropped: dropped)
    }

    func fail(_ summary: Summary) throws(OutputError) {
        if let failure = join() { throw failure }
        try writer.destination.fail(summary)
    }

    private func handOver(_ content: Batch.Content, _ start: Timestamp) throws(OutputError) {
        guard begin() else { return try content.write(to: writer.destination, start: start) }
        let batch = writer.relay.current
        (batch.content, batch.start) = (content, start)
        let isLarge = content.weight > ConcurrentDestination.largeBatch
        guard writer.relay.handOver() else {
            if let failure = join() { throw failure }
            return
        }
        // Not every batch of the ring may be as large.
        if isLarge { writer.relay.drain() }
    }

    private static let largeBatch = 1 << 20

    /// Whether there is a thread to write; it begins with the second batch.
    private func begin() -> Bool {
        if hasBegun, thread == nil { thread = WorkerThread { [writer] in writer.run() } }
        hasBegun = true
        return thread != nil
    }

    /// Waits until all is written, and ends the thread; answers what went wrong, if something did.
    private func join() -> OutputError? {
        guard let thread = thread.take() else { return nil }
        writer.relay.current.content = .end
        writer.relay.end()
        thread.join()
        return writer.failure
    }
}

extension ConcurrentDestination {
    /// What is handed over at a time.
    private final class Batch {
        enum Content {
            case observations(Observations)
            case comment(CaptureComment)
            /// Nothing follows.
            case end

            var weight: Int { if case .observations(let observations) = self { observations.weight } else { 0 } }

            func write(to destination: any Destination, start: Timestamp) throws(OutputError) {
                switch self {
                case .observations(let observations): try destination.write(observations, start: start)
                case .comment(let comment): try destination.write(comment, start: start)
                case .end: break
                }
            }
        }

        var content = Content.end
        var start = Timestamp(nanoseconds: 0)
    }

    /// What the thread does. Until it has ended, nobody else looks at the destination or the failure.
    private final class Writer: @unchecked Sendable {
        let destination: any Destination
        let relay: Relay<Batch>
        private(set) var failure: OutputError?
        /// Whether the destination is on screen, for those that ask while the thread writes.
        let isOnScreen = Atomic(false)

        init(_ destination: any Destination, _ relay: Relay<Batch>) {
            self.destination = destination
            self.relay = relay
        }

        /// Writes until the end, or until that fails.
        func run() {
            while let batch = relay.take() {
                let content = batch.content
                batch.content = .end
                if case .end = content { return }
                do throws(OutputError) {
                    try content.write(to: destination, start: batch.start)
                    isOnScreen.store(destination.isOnScreen, ordering: .relaxed)
                } catch {
                    failure = error
                    return relay.stop()
                }
            }
        }
    }
}
