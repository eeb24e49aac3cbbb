/// Tells whoever asks what was counted.
struct MetricsService {
    let server: MetricsServer
    let counter: MetricsCounter

    /// Answers who has asked since.
    func look(_ pipeline: borrowing Pipeline, _ dropped: () -> UInt64) {
        guard server.isAsked() else { return }
        let (totals, dropped) = (pipeline.totals, dropped())
        server.answer { request in request.answer { form in counter.text(form, totals, dropped: dropped) } }
    }
}
