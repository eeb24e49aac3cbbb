import ArgumentParser
import Glibc
import TapAnalysis
import TapCore
import TapReports
import TapSources

/// `wstap top`
struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "A live screen of connections: their state, rates, round trips and findings, and what they say.",
        discussion: """
            Keys: the arrows move, Enter opens a connection as it goes, / filters, g groups by path or host, p pauses, w writes \
            the packets so far, ? says the rest, q quits.

            Examples:
              sudo wstap top -i eth0 -f 'tcp port 8080'
              ssh host tcpdump -U -w - port 8080 | wstap top -
            """)

    @Argument(help: "“-” is standard input, in place of an interface: packets as they come.", completion: .none)
    var file: String?

    @OptionGroup var source: LiveArguments

    @Option(help: ArgumentHelp("Time between two drawings.", valueName: "seconds"))
    var interval = 1.0

    @Option(help: "Colours; NO_COLOR is honoured.")
    var color = ColorChoice.auto

    @Option(
        help: ArgumentHelp(
            "Bytes of packets that are kept for the key w; of more, the latest.", valueName: "bytes"))
    var maxKept = 64 << 20

    @OptionGroup(title: "Filter") var filters: FilterOptions
    @OptionGroup(title: "Messages") var decoding: DecodingArguments
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    /// Payload of each message that is kept for who opens its connection; pings need less. RFC 6455 §5.5.
    private static let keptPayload = 4_096
    private static let waitMilliseconds: Int32 = 100

    func validate() throws {
        guard interval >= 0.1, interval <= 3_600 else { throw ValidationError("--interval lies between 0.1 and 3600") }
        guard (1 << 20...Int(Int32.max)).contains(maxKept) else {
            throw ValidationError("--max-kept lies between \(1 << 20) and \(Int32.max)")
        }
        guard file == nil || file == "-" else {
            throw ValidationError("top shows what goes on: a file is for read, stats and follow")
        }
        guard (file == nil) != source.interface.isEmpty else {
            throw ValidationError("top of what? an interface with -i, or “-” for standard input")
        }
        if file != nil, source.user != nil || source.duration != nil {
            throw ValidationError("--user and --duration are for a live interface (-i)")
        }
    }

    func run() throws {
        try Failure.translate {
            guard Screen.isThere else { throw ValidationError("top needs a terminal; `wstap live` does not") }
            _ = try CaptureFilter.checked(source.captureFilter)
            var options = limits.analysisOptions
            let logs = try tls.extend(&options, isFollowing: true, mayHold: file != nil)
            options.narrow(to: [.frame, .message], .full)
            options.payloadLimit = min(options.payloadLimit, TopCommand.keptPayload)
            options.hurry()
            try decoding.extend(&options, for: [.frame, .message], redacting: redaction.isOn)
            let filter = try filters.displayFilter(
                extending: &options, payloadLimit: limits.maxPayload, redacting: redaction.redaction, reading: nil)
            let hasColor = TerminalSettings(color: color, isTerminal: true).hasColor
            let feed = TopFeed(TopReport(color: hasColor, slow: options.slow))
            var pipeline = Pipeline(
                options, filteredBy: filter, redacting: redaction.redaction, to: feed, isLive: true)
            let packets = RecentPackets(limit: maxKept)
            if file == nil {
                try watch(feed, &pipeline, logs, packets)
            } else {
                try watchInput(feed, &pipeline, logs, packets)
            }
        }
    }

    /// Shows what passes interfaces.
    private func watch(
        _ feed: TopFeed, _ pipeline: inout Pipeline, _ logs: KeyLogFiles?, _ packets: RecentPackets
    ) throws {
        var capture = LiveOptions()
        capture.filter = source.captureFilter
        var live = try LiveAnalysis(
            interfaces: source.interface, options: capture, keptIn: nil, goingOnAs: source.user,
            duration: source.duration, packets: nil, following: logs, remembering: packets)
        live.announce()
        let failure = try draw(&live, &pipeline, feed, packets)
        try live.finish(&pipeline)
        try writeTotals(feed)
        if let failure { throw failure }
    }

    /// Draws until it is time to end; the screen is given back when this returns.
    private func draw(
        _ live: inout LiveAnalysis, _ pipeline: inout Pipeline, _ feed: TopFeed, _ packets: RecentPackets
    ) throws -> CaptureError? {
        var session = try TopSession(
            of: source.interface.joined(separator: ", "), every: .seconds(interval), keeping: packets)
        let keyboard = session.keyboard
        return try live.watch(
            &pipeline,
            look: { _, dropped in try session.step(feed.top, now: LiveAnalysis.now, dropped: dropped) },
            besides: keyboard >= 0 ? [keyboard] : [])
    }

    /// Shows what another program writes. Here it is read and analyzed, and drawn on a thread of its own: who reads has to wait.
    private func watchInput(
        _ feed: TopFeed, _ pipeline: inout Pipeline, _ logs: KeyLogFiles?, _ packets: RecentPackets
    ) throws {
        _ = StopSignal()
        let input = try PassedInput()
        let interval = Duration.seconds(interval)
        let failure = DrawingFailure()
        let drawing = WorkerThread {
            do { try TopCommand.draw(feed, every: interval, keeping: packets) } catch { failure.note(error) }
            // Who leaves may leave in the middle of a packet.
            feed.leave()
            input.end()
        }
        guard let drawing else { throw CaptureError("cannot begin a thread: \(String(cString: strerror(errno)))") }
        var analysis = FileAnalysis(
            paths: ["-"], filter: source.captureFilter, logs: logs, readsAhead: false, divides: nil, recent: packets)
        analysis.isQuiet = true
        var isComplete = false
        do { isComplete = try analysis.run(&pipeline).isComplete } catch {
            feed.fail()
            drawing.join()
            throw error
        }
        drawing.join()
        try writeTotals(feed)
        if let error = failure.error { throw error }
        guard isComplete || feed.isLeft else { throw ExitCode.unreadable }
    }

    /// Draws until somebody ends it, or there is nothing to draw.
    private static func draw(_ feed: TopFeed, every interval: Duration, keeping packets: RecentPackets) throws {
        let stop = StopSignal()
        var session = try TopSession(of: "standard input", every: interval, keeping: packets)
        var isOver = false
        while !feed.hasFailed, !stop.hasCome(),
            try session.step(feed.top, now: feed.now, dropped: { 0 })
        {
            if feed.hasEnded, !isOver {
                isOver = true
                session.say("the input has ended; q quits")
            }
            var keys = pollfd(fd: session.keyboard, events: Int16(POLLIN), revents: 0)
            _ = poll(&keys, 1, waitMilliseconds)
        }
    }

    private func writeTotals(_ feed: TopFeed) throws {
        var output = try Output(path: nil)
        output.buffer = feed.totals
        try output.finish()
    }
}
