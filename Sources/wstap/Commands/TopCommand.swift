import ArgumentParser
import TapReports
import TapSources

/// `wstap top`
struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "A live screen of the connections that there are, with rates, round trips and findings.",
        discussion: """
            Keys: q quits; n, r, b, f, t, e and i sort by number, rate, bytes, frames, round trip, errors and idle time, \
            and once more the other way round.

            Example:
              sudo wstap top -i eth0 -f 'tcp port 8080'
            """)

    @OptionGroup var source: LiveArguments

    @Option(help: ArgumentHelp("Time between two drawings.", valueName: "seconds"))
    var interval = 1.0

    @Option(help: "Colours; NO_COLOR is honoured.")
    var color = ColorChoice.auto

    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    /// Payload of pings, by which their pongs are known. RFC 6455 §5.5.
    private static let keptPayload = 125

    func validate() throws {
        guard interval >= 0.1, interval <= 3_600 else { throw ValidationError("--interval lies between 0.1 and 3600") }
    }

    func run() throws {
        try Failure.translate {
            guard Screen.isThere else { throw ValidationError("top needs a terminal; `wstap live` does not") }
            _ = try CaptureFilter.checked(source.captureFilter)
            var options = limits.analysisOptions
            let logs = try tls.extend(&options, isFollowing: true)
            options.narrow(to: .frame, .full)
            options.payloadLimit = TopCommand.keptPayload
            let hasColor = TerminalSettings(color: color, isTerminal: true).hasColor
            var pipeline = Pipeline(
                options, TopReport(color: hasColor), redacting: redaction.redaction, to: try Output(path: nil),
                isLive: true)
            var capture = LiveOptions()
            capture.filter = source.captureFilter
            var live = try LiveAnalysis(
                interface: source.interface, options: capture, keptIn: nil, goingOnAs: source.user,
                duration: source.duration, packets: nil, following: logs)
            let failure = try watch(&live, &pipeline)
            try live.finish(&pipeline)
            if let failure { throw failure }
        }
    }

    /// Draws until it is time to end; the screen is given back when this returns.
    private func watch(_ live: inout LiveAnalysis, _ pipeline: inout Pipeline) throws -> CaptureError? {
        var screen = try Screen()
        var order = TopOrder()
        var last: ContinuousClock.Instant?
        return try live.watch(&pipeline) { pipeline, dropped in
            guard let keys = screen.keys(), !keys.contains("q") else { return false }
            var isDue = last.map { ContinuousClock.now - $0 >= .seconds(interval) } ?? true
            for key in keys where order.press(key) { isDue = true }
            let size = screen.measure()
            guard isDue || size.hasChanged, let report = pipeline.report as? TopReport else { return true }
            last = ContinuousClock.now
            let lines = report.screen(
                of: source.interface, width: size.width, height: size.height, now: LiveAnalysis.now, order: order,
                dropped: dropped())
            try screen.draw(lines, isAnew: size.hasChanged)
            return true
        }
    }
}
