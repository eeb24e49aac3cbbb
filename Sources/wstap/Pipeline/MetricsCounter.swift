import TapAnalysis
import TapReports

/// Counts all that a live capture observes, before any filter.
final class MetricsCounter {
    private var metrics = Metrics()
    /// What others asked the analysis for.
    private let showsConnections: Bool
    private let showsFrames: Bool

    /// Payload of pings, by which their pongs are known. RFC 6455 §5.5.
    private static let keptPayload = 125

    /// Asks the analysis for what is counted.
    init(extending options: inout AnalysisOptions) {
        showsConnections = options.observesConnections
        showsFrames = options.observesFrames
        options.observesConnections = true
        options.observesFrames = true
        options.payloadLimit = max(options.payloadLimit, MetricsCounter.keptPayload)
    }

    /// Counts a batch.
    /// - Returns: what others asked for of it.
    func note(_ batch: Observations) -> Observations {
        metrics.note(batch)
        guard !showsConnections || !showsFrames else { return batch }
        return batch.with(
            batch.all.filter { observation in
                switch observation {
                case .frame: showsFrames
                case .message: true
                case .handshake, .finding, .connection, .tls: showsConnections
                }
            })
    }

    func text(_ form: MetricsForm, _ summary: Summary, dropped: UInt64) -> [UInt8] {
        metrics.text(form, summary, dropped: dropped, version: Wstap.configuration.version)
    }
}
