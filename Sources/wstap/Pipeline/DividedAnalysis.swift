import TapAnalysis
import TapCore
import TapSources

extension PartSorter: PacketSorting {}

/// The analysis of one large file by several threads, each of which follows a part of the connections. What it answers is
/// the same as with one thread, in the same order.
final class DividedAnalysis {
    /// What comes next.
    enum Step {
        /// Those in ``observations``, which may be none.
        case observations
        case comments([CaptureComment])
    }

    private let packets: DividedPackets
    private let workers: [AnalysisWorker]
    private var firstThread: WorkerThread?
    private var secondThread: WorkerThread?
    private var merge: ObservationMerge
    /// Comments that are yet to be answered, and where they stand.
    private var comments: (texts: [CaptureComment], order: ObservationOrder)?
    /// What was merged last.
    private(set) var observations = Observations()
    /// When the first packet was captured.
    private(set) var start: Timestamp?
    /// How many bytes of the file were consumed.
    private(set) var position: UInt64 = 0
    /// What is left to say of the file, once it has ended.
    private(set) var end: CaptureFileEnd?

    /// Begins at once; `nil` where there is nothing to divide.
    init?(_ files: inout CaptureFiles, _ options: AnalysisOptions) throws(CaptureError) {
        guard options.parts == 2, let packets = files.divided(among: 2, by: PartSorter(options)) else { return nil }
        self.packets = packets
        let workers = (0..<2).map { AnalysisWorker(options, part: $0, of: packets) }
        self.workers = workers
        merge = ObservationMerge(parts: workers.count)
        firstThread = WorkerThread { workers[0].run() }
        secondThread = WorkerThread { workers[1].run() }
        guard firstThread != nil, secondThread != nil else {
            throw CaptureError("cannot create threads for the analysis: use --threads 1")
        }
    }

    deinit {
        packets.stop()
        for worker in workers { worker.results.stop() }
        join()
        packets.close()
    }

    private func join() {
        firstThread.take()?.join()
        secondThread.take()?.join()
    }

    /// Waits until one of the threads has something to say; `nil` at the end.
    func next() -> Step? {
        let limit = comments?.order ?? .end
        let awaited = merge.awaited(upTo: limit)
        if awaited == nil, let texts = comments.take()?.texts { return .comments(texts) }
        if let awaited { receive(from: awaited) }
        merge.merge(into: &observations, upTo: comments?.order ?? .end)
        return awaited == nil && observations.all.isEmpty ? nil : .observations
    }

    /// Ends it, once all was told, and answers the totals.
    func finish() -> Summary {
        join()
        return merge.summary(of: workers.map(\.summary))
    }

    private func receive(from part: Int) {
        guard let result = workers[part].results.take() else { return }
        merge.receive(&result.observations, upTo: result.bound, from: part)
        start = start ?? result.start
        position = max(position, result.position)
        end = end ?? result.end
        if !result.comments.isEmpty { comments = (result.comments, result.bound) }
    }
}
