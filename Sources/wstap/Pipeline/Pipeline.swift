import TapAnalysis
import TapCore
import TapFilters
import TapRedaction
import TapReports
import TapSources

/// From packets to where their observations go: what the commands that analyze have in common.
struct Pipeline: ~Copyable {
    let options: AnalysisOptions
    private var analyzer: Analyzer
    private var observations = Observations()
    /// When the first packet was captured.
    private var start: Timestamp?
    /// What of the observations is shown; `nil` where all are.
    private var filter: DisplayFilter?
    /// What takes secrets out of the observations before anybody gets them; `nil` where nothing is to be taken out.
    private var redaction: Redaction?
    /// Which connections are legs of one exchange by what was said on them; `nil` where too little is observed for that.
    private var legs: MessagePairs?
    private let destination: any Destination
    /// What counts all that is observed; `nil` where nobody asks for that.
    var metrics: MetricsCounter?
    /// Whether observations are passed on as soon as they are there, rather than many at a time.
    private let isLive: Bool
    /// Whether what is observed now was told before.
    private var isTold = false

    /// - Parameter isConcurrent: whether the report may be written on a thread of its own.
    init(
        _ options: AnalysisOptions, _ report: any Report, filteredBy filter: DisplayFilter? = nil,
        redacting redaction: Redaction?, to output: consuming Output, isLive: Bool, isConcurrent: Bool = false
    ) {
        self.init(
            options, filteredBy: filter, redacting: redaction,
            to: ReportDestination(report, to: output, isLive: isLive), isLive: isLive, isConcurrent: isConcurrent)
    }

    /// - Parameter isPart: whether others compare the connections with those of other parts of the capture.
    init(
        _ options: AnalysisOptions, filteredBy filter: DisplayFilter? = nil, redacting redaction: Redaction?,
        to destination: any Destination, isLive: Bool = false, isConcurrent: Bool = false, isPart: Bool = false
    ) {
        self.isLive = isLive
        self.options = options
        analyzer = Analyzer(options: options, isPart: isPart)
        legs = isPart ? nil : MessagePairs(options)
        self.filter = filter
        self.redaction = redaction
        self.destination = isConcurrent && !isLive ? ConcurrentDestination(destination) : destination
    }

    /// What is written, where it is a report.
    var report: (any Report)? { destination.report }

    /// What there was so far.
    var totals: Summary {
        var redaction = redaction
        return completed(analyzer.summary, &redaction)
    }

    /// What the analysis does not know of the totals.
    private func completed(_ totals: Summary, _ redaction: inout Redaction?) -> Summary {
        var summary = filter?.completed(totals) ?? totals
        legs?.add(to: &summary)
        if let text = summary.shown?.filter { summary.shown?.filter = redaction?.redacted(text) ?? text }
        summary.unread.nameLinkTypes(\.name)
        return summary
    }

    /// Nothing comes now: what waits to be written may be.
    func rest() throws(OutputError) { try destination.rest() }

    /// Whether a part of what is written is to be seen on the terminal.
    var isOnScreen: Bool { destination.isOnScreen }

    mutating func receive(_ packet: PacketHeader, _ bytes: RawSpan) throws(OutputError) {
        if start == nil { start = packet.timestamp }
        if analyzer.receive(packet, bytes), isLive || analyzer.hasObservedMuch { try writeObservations() }
    }

    /// The same for a packet of which the capture may say which process it is of.
    mutating func receive(_ packet: PacketHeader, _ bytes: RawSpan, of process: CapturedProcess?) throws(OutputError) {
        guard let process else { return try receive(packet, bytes) }
        if start == nil { start = packet.timestamp }
        if analyzer.receive(packet, bytes, of: process), isLive || analyzer.hasObservedMuch { try writeObservations() }
    }

    /// Takes note of where the capture comes from, before anything else.
    func begin(_ origin: CaptureOrigin) { destination.begin(origin) }

    /// Takes note of a packet that is in another shard, at which it was time to scan for idle connections.
    mutating func pass(_ mark: PacketHeader) throws(OutputError) {
        if start == nil { start = mark.timestamp }
        if analyzer.pass(mark), isLive || analyzer.hasObservedMuch { try writeObservations() }
    }

    /// Takes secrets of TLS that have come, for what waits for them and what is still to come.
    mutating func receive(_ secrets: TLSSecrets) throws(OutputError) {
        analyzer.receive(secrets)
        try writeObservations()
    }

    /// No more secrets come.
    mutating func endSecrets() { analyzer.endSecrets() }

    /// Takes what others observed.
    /// - Parameter start: when the first packet was captured.
    mutating func receive(_ observations: consuming Observations, since start: Timestamp) throws(OutputError) {
        self.start = start
        legs?.receive(&observations)
        try tell(observations)
    }

    /// What comes now was told before: it only leads to the state in which what follows is analyzed.
    mutating func beginFormer() { isTold = true }

    /// What comes now is to be told, and counted.
    mutating func endFormer() throws(OutputError) {
        try writeObservations()
        analyzer.forgetTotals()
        isTold = false
    }

    /// Which packets another analysis needs to go on as this one would: see ``Analyzer/openSpreads``.
    var openSpreads: Set<UInt64> { analyzer.openSpreads }

    /// Ends what is written where another analysis goes on with what has not ended; answers the totals.
    mutating func handOn(faults: [CaptureError]) throws(OutputError) -> Summary {
        try writeObservations()
        return try finish(analyzer.summaryOfBeginning, faults: faults)
    }

    /// Tells of a comment that stands in the capture.
    mutating func note(_ comment: CaptureComment) throws(OutputError) {
        if case .packet(_, let time) = comment.subject, start == nil { start = time }
        let first = start ?? Timestamp(nanoseconds: 0)
        guard filter?.passes(comment, start: first) ?? true else { return }
        try writeObservations()
        try destination.write(redaction?.redacted(comment) ?? comment, start: first)
    }

    /// Ends what is written and answers the totals.
    /// - Parameter faults: why inputs could not be read to their ends.
    mutating func finish(dropped: UInt64 = 0, faults: [CaptureError] = []) throws(OutputError) -> Summary {
        while analyzer.finishPart() { try writeObservations() }
        try writeObservations()
        return try finish(analyzer.summary, dropped: dropped, faults: faults)
    }

    /// The same where others analyzed.
    /// - Parameter totals: over all that was analyzed.
    mutating func finish(
        _ totals: Summary, dropped: UInt64 = 0, faults: [CaptureError] = []
    ) throws(OutputError) -> Summary {
        if let rest = filter?.finish(start: start ?? Timestamp(nanoseconds: 0)) { try write(rest) }
        var redaction = redaction
        var summary = completed(totals, &redaction)
        self.redaction = redaction
        summary.faults = faults.map(\.description)
        try destination.finish(summary, dropped: dropped)
        return summary
    }

    /// Ends it where nothing of any input could be read.
    func fail(_ faults: [CaptureError]) throws(OutputError) {
        var summary = Summary()
        summary.faults = faults.map(\.description)
        try destination.fail(summary)
    }

    /// Says on standard error how much was taken out, where anything was to be.
    func noteRedaction() {
        if let redaction { StandardError.say(redaction.line) }
    }

    private mutating func writeObservations() throws(OutputError) {
        analyzer.takeObservations(into: &observations)
        legs?.receive(&observations)
        try tell(observations)
    }

    private mutating func tell(_ observations: Observations) throws(OutputError) {
        let observations = metrics?.note(observations) ?? observations
        try write(filter?.receive(observations, start: start ?? Timestamp(nanoseconds: 0)) ?? observations)
    }

    private mutating func write(_ shown: consuming Observations) throws(OutputError) {
        var observations = shown
        redaction?.redact(&observations)
        guard !isTold else { return }
        // Of a part, also that a connection was given a number.
        if observations.all.isEmpty, !observations.isEmpty {
            return try destination.write(observations, start: start ?? Timestamp(nanoseconds: 0))
        }
        var place = 0
        while place < observations.all.count {
            let part = observations.part(from: place)
            place += part.all.count
            try destination.write(part, start: start ?? Timestamp(nanoseconds: 0))
        }
    }
}
