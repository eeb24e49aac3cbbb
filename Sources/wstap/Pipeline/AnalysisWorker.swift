import TapAnalysis
import TapCore
import TapSources

/// What a thread does that follows one part of a capture's connections. Until it has ended, nobody else looks at anything but
/// the results, which a relay hands over.
final class AnalysisWorker: @unchecked Sendable {
    /// What it has to say at a time.
    final class Result {
        var observations = Observations()
        /// What is still to come stands behind that.
        var bound = ObservationOrder.end
        /// Comments on the last packet that was looked at, or after it.
        var comments: [CaptureComment] = []
        /// How many bytes of the file were consumed.
        var position: UInt64 = 0
        /// When the first packet was captured.
        var start: Timestamp?
        /// What is left to say of the file, once it has ended.
        var end: CaptureFileEnd?
    }

    let results = Relay((0..<AnalysisWorker.waitingResults).map { _ in Result() }, isEager: true)
    private let options: AnalysisOptions
    private let part: Int
    private let packets: DividedPackets
    private var start: Timestamp?
    /// Batches of packets since it said something.
    private var silentBatches = 0

    private static let waitingResults = 4
    private static let mostSilentBatches = 2
    /// How many packets come before the one whose memory is asked for.
    private static let lead = 8
    private static let largeResult = 1 << 20

    init(_ options: AnalysisOptions, part: Int, of packets: DividedPackets) {
        self.options = options
        self.part = part
        self.packets = packets
    }

    /// The totals of its part; only once it has ended.
    private(set) var summary = Summary()

    /// Analyzes all packets, or as long as anybody wants to know.
    func run() {
        // Not a property: to see for each packet that nobody else uses it costs as much as a tenth of the analysis.
        var analyzer = Analyzer(options: options, onlyPart: part)
        while let batch = packets.next(for: part) {
            guard analyze(batch, &analyzer) else { return }
            silentBatches += 1
            if let end = batch.end { return finish(end, at: batch.position, &analyzer) }
            if mustSaySomething(after: batch), !handOver(&analyzer, at: batch.position) { return }
        }
    }

    /// The merger may be waiting for this worker, which stalls the other one too; so report at least every two batches, and
    /// before waiting at a large one.
    private func mustSaySomething(after batch: PacketBatch) -> Bool {
        silentBatches >= AnalysisWorker.mostSilentBatches || batch.isLarge
    }

    private func analyze(_ batch: PacketBatch, _ analyzer: inout Analyzer) -> Bool {
        guard batch.count > 0 else { return true }
        let packets = batch.view
        start = start ?? packets.header(at: 0).timestamp
        var annotations = batch.annotations[...]
        let places = batch.places[part]
        for index in places.indices {
            if index + AnalysisWorker.lead < places.count { packets.askFor(Int(places[index + AnalysisWorker.lead])) }
            let place = Int(places[index])
            let header = packets.header(at: place)
            guard sayComments(before: place, &annotations, in: batch, &analyzer) else { return false }
            if let next = annotations.first, next.place == place, let process = next.process {
                packets.withBytes(at: place) { bytes in _ = analyzer.receive(header, bytes, of: process) }
            } else {
                packets.withBytes(at: place) { bytes in _ = analyzer.receive(header, bytes) }
            }
            if analyzer.hasObservedMuch, !handOver(&analyzer, at: batch.position) { return false }
        }
        guard sayComments(before: packets.count, &annotations, in: batch, &analyzer) else { return false }
        analyzer.pass(last: packets.header(at: packets.count - 1), totals: batch.totals)
        return true
    }

    /// Says what comments there are on the packets before a place.
    private func sayComments(
        before place: Int, _ annotations: inout ArraySlice<PacketBatch.Annotation>, in batch: PacketBatch,
        _ analyzer: inout Analyzer
    ) -> Bool {
        while let next = annotations.first, next.place < place {
            annotations.removeFirst()
            guard part == 0, !next.comments.isEmpty else { continue }
            analyzer.skip(to: batch.view.header(at: next.place))
            guard handOver(&analyzer, at: batch.position, with: next.comments) else { return false }
        }
        return true
    }

    private func finish(_ end: CaptureFileEnd, at position: UInt64, _ analyzer: inout Analyzer) {
        if part == 0, !end.comments.isEmpty {
            guard handOver(&analyzer, at: position, with: end.comments) else { return }
        }
        while analyzer.finishPart() {
            guard handOver(&analyzer, at: position) else { return }
        }
        let result = fillResult(&analyzer, at: position)
        result.bound = .end
        result.end = end
        summary = analyzer.summary
        results.end()
    }

    /// Says what was observed; answers whether anybody wants to know more.
    private func handOver(
        _ analyzer: inout Analyzer, at position: UInt64? = nil, with comments: [CaptureComment] = []
    ) -> Bool {
        let result = fillResult(&analyzer, at: position)
        result.comments = comments
        // Not every result of the ring may be as large.
        let isLarge = result.observations.weight > AnalysisWorker.largeResult
        guard results.handOver() else { return false }
        if isLarge { results.drain() }
        return true
    }

    private func fillResult(_ analyzer: inout Analyzer, at position: UInt64?) -> Result {
        silentBatches = 0
        let result = results.current
        analyzer.takeObservations(into: &result.observations)
        result.bound = analyzer.order
        result.start = start
        result.comments = []
        result.end = nil
        if let position { result.position = position }
        return result
    }
}
