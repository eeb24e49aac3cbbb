import ArgumentParser
import TapCore
import TapSources
import TapWebSocket

/// `wstap live`
struct LiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Sniff a live interface; “any” is all of them. Ctrl-C ends with the summary.",
        discussion: """
            Examples:
              sudo wstap live -i lo
              sudo wstap live -i eth0 -f 'tcp port 8080' --duration 60 -w kept.pcapng
              sudo wstap live -i eth0 -i wg0 --to sqlite -o traffic.db --metrics :9100
            """)

    @OptionGroup var source: LiveArguments

    @Option(
        name: .customShort("w", allowingJoined: true),
        help: ArgumentHelp("Keep the packets in this file too, as pcapng.", valueName: "file"),
        completion: .file())
    var write: String?

    @Option(
        name: [.customShort("b", allowingJoined: true), .customLong("ring-buffer")],
        help: ArgumentHelp(
            """
            With -w: begin the next file after filesize:N (kB, or as in 100MB) or duration:N (seconds, or as in 1h), and keep \
            the last files:N; may be repeated. Files are named as in kept_00001_20261128120000.pcapng.
            """, valueName: "limit"), transform: RingArgument.parse)
    var ringBuffer: [RingArgument] = []

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp(
            """
            Beside the report write this in place, each where its own -o says: ndjson, or sqlite, which others may read while it \
            grows. Without it the ending of the file tells the format.
            """, valueName: "format"))
    var typedFormats: [LiveFormat] = []

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: ArgumentHelp("The file for that.", valueName: "file"), completion: .file())
    var output: [String] = []

    @Option(
        help: ArgumentHelp(
            "Serve what was counted at http://ADDRESS:PORT/metrics: OpenMetrics, or the text format of Prometheus.",
            valueName: "address:port"), transform: ListeningAddress.parse)
    var metrics: ListeningAddress?

    @Option(
        help: ArgumentHelp(
            """
            Run this by /bin/sh for findings that are shown, one at a time and at most one a second, with WSTAP_FINDING, \
            WSTAP_SEVERITY, WSTAP_CONNECTION, WSTAP_PACKET, WSTAP_DETAIL and WSTAP_RECORD.
            """, valueName: "command"))
    var onFinding: String?

    @Option(help: "The least severity of a finding that is shown that makes the exit code 1.")
    var failOn: Severity?

    @Option(help: ArgumentHelp("Stop after this many packets.", valueName: "packets"))
    var count: UInt64?

    @Option(help: ArgumentHelp("Memory for packets that the kernel holds for us.", valueName: "MiB"))
    var bufferSize = 64

    @Option(help: ArgumentHelp("Bytes captured of each packet.", valueName: "bytes"))
    var snaplen = 262_144

    @Flag(help: "Capture packets that are not for this machine too.")
    var promiscuous = false

    @Flag(
        help: """
            Take each packet at once, not up to 10 ms later. The kernel then sets a whole snaplen aside for each packet: \
            give --snaplen or a larger --buffer-size where much happens.
            """)
    var immediate = false

    @OptionGroup(title: "Filter") var filters: FilterOptions
    @OptionGroup(title: "Report") var report: ReportArguments
    @OptionGroup(title: "Messages") var decoding: DecodingArguments
    @OptionGroup(title: "Redaction") var redaction: RedactionOptions
    @OptionGroup(title: "TLS") var tls: TLSArguments
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func validate() throws {
        guard !source.interface.isEmpty else {
            throw ValidationError("which interface? -i INTERFACE; `wstap interfaces` lists them")
        }
        try KeptPackets.check(write)
        try outputs.check(besides: write)
        if write == nil, !ringBuffer.isEmpty {
            throw ValidationError("-b says when -w begins the next file: give -w, too")
        }
        if !ringBuffer.isEmpty, !ringBuffer.contains(where: \.beginsFiles) {
            throw ValidationError("-b must say when the next file begins: filesize or duration")
        }
        guard (1...2_047).contains(bufferSize) else {
            throw ValidationError("--buffer-size lies between 1 and 2047 MiB")
        }
        guard (64...262_144).contains(snaplen) else { throw ValidationError("--snaplen lies between 64 and 262144") }
    }

    func run() throws {
        try Failure.translate {
            _ = try CaptureFilter.checked(source.captureFilter)
            let console = try Output(path: nil)
            var options = limits.analysisOptions
            let logs = try tls.extend(&options, isFollowing: true)
            options.hurry()
            let payloadLimit = options.payloadLimit
            report.narrow(&options)
            let recorded = outputs.extend(&options, report, payloadLimit: payloadLimit)
            let events = recorded.union(report.chosenEvents).union(metrics == nil ? [] : .frame)
            try decoding.extend(&options, for: events, redacting: redaction.isOn)
            if onFinding != nil || failOn != nil { options.observesConnections = true }
            let filter = try filters.displayFilter(
                extending: &options, payloadLimit: limits.maxPayload, redacting: redaction.redaction, reading: nil)
            let service = try metrics.map { address in
                MetricsService(server: try MetricsServer(address), counter: MetricsCounter(extending: &options))
            }
            let made = report.report(
                terminal: console.isTerminal, showing: filters.search, upTo: limits.maxShown, naming: HostNames())
            let files = try outputs.open()
            let written = try outputs.destinations(in: files, report)
            let shown = ReportDestination(
                made, to: console, isLive: true, followsWindow: report.look.followsWindow)
            let watch = FindingWatch(
                written.isEmpty ? shown : SeveralDestinations([shown] + written), onFinding.map { FindingHook($0) })
            var pipeline = Pipeline(
                options, filteredBy: filter, redacting: redaction.redaction, to: watch, isLive: true)
            pipeline.metrics = service?.counter
            if write != nil, redaction.isOn { StandardError.say("what -w keeps is not redacted") }
            var live = try LiveAnalysis(
                interfaces: source.interface, options: liveOptions, keptIn: write,
                inRing: ringBuffer.isEmpty ? nil : RingArgument.limits(ringBuffer), goingOnAs: source.user,
                duration: source.duration, packets: count, following: logs, giving: files)
            try outputs.begin(written, in: files)
            if let service { StandardError.say("metrics at \(service.server.location)") }
            try live.run(&pipeline, metrics: service)
            if let failOn, let worst = watch.worst, worst >= failOn { throw ExitCode.findings }
        }
    }

    private var outputs: LiveOutputs { LiveOutputs(output, typed: typedFormats) }

    private var liveOptions: LiveOptions {
        var options = LiveOptions()
        options.bufferSize = bufferSize << 20
        options.snapshotLength = snaplen
        options.promiscuous = promiscuous
        options.immediate = immediate
        options.filter = source.captureFilter
        return options
    }
}
