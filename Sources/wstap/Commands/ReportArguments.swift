import ArgumentParser
import Glibc
import TapAnalysis
import TapCore
import TapReports

/// How results are shown.
struct ReportArguments: ParsableArguments {
    @Option(help: "How results are shown.")
    var format = OutputFormat.table

    @Option(help: ArgumentHelp("Which records, as a comma-separated list.", valueName: "list"))
    var events = EventList.standard

    @Flag(help: "Whole messages, joined and inflated, in place of frames.")
    var messages = false

    @Flag(name: [.short, .long], help: "Findings and verdicts only, no frames.")
    var quiet = false

    @Option(help: "How much of each payload is shown (default: preview in the table, full elsewhere).")
    var payload: PayloadDetail?

    /// Whether the numbers of TCP connections are shown.
    var showsStreams: Bool { verbose && format == .table }

    @Flag(
        name: [.short, .long],
        help: """
            The bytes of each frame's header and what they mean, in the table; of each connection also a display filter for \
            Wireshark.
            """)
    var verbose = false

    @Flag(name: [.customShort("x"), .long], help: "All bytes of each payload in hexadecimal, in the table.")
    var hex = false

    @Option(
        name: [.customShort("t", allowingJoined: true), .long],
        help: ArgumentHelp(
            "Times in the table: relative (to the first packet), absolute (of the day in UTC), local (of the day here, or in "
                + "the zone of TZ), delta (since the time above) or epoch; also by their first letters.",
            valueName: "times"))
    var time = TimeStyle.relative

    @OptionGroup var look: TerminalOptions

    /// - Parameters:
    ///   - search: what previews are to show.
    ///   - shownLimit: bytes of an inflated payload that the table shows.
    ///   - names: what addresses are called.
    ///   - streams: Wireshark's numbers of TCP connections.
    ///   - sortsRows: whether rows of the table wait for earlier ones.
    func report(
        terminal isTerminal: Bool, showing search: TextSearch?, upTo shownLimit: Int, naming names: HostNames,
        numbering streams: StreamNumbers? = nil, sorting sortsRows: Bool = false
    ) -> any Report {
        var options = ReportOptions(events: chosenEvents, payload: payloadDetail)
        options.showsHeaders = verbose
        options.dumpsPayloads = hex
        options.search = search
        options.shownLimit = shownLimit
        options.names = names
        options.sortsRows = sortsRows
        if let streams {
            options.streamNumber = { client, server, packet in
                streams.number(between: client, and: server, at: packet)
            }
        }
        options.hintsAtExplanations = isTerminal && !quiet
        switch format {
        case .json: return JSONReport(options)
        case .ndjson: return NDJSONReport(options)
        case .table:
            let terminal = look.settings(terminal: isTerminal)
            return TableReport(
                options, width: terminal.width, color: terminal.hasColor, times: time.times)
        }
    }

    /// Asks the analysis for no more than the report shows.
    func narrow(_ options: inout AnalysisOptions) {
        options.narrow(to: chosenEvents, hex && payloadDetail == .preview ? .full : payloadDetail)
        // The table says of every row which connection it is about. Findings quote handshakes, and so the redaction must
        // have seen them.
        let needing: ReportEvents = [.handshake, .finding, .connection, .tls]
        options.observesConnections =
            !chosenEvents.isDisjoint(with: format == .table ? needing.union([.frame, .message]) : needing)
    }

    /// Which records the report has.
    var chosenEvents: ReportEvents {
        quiet ? recordedEvents.subtracting([.frame, .message, .comment]) : recordedEvents
    }

    /// Which records files beside it have.
    var recordedEvents: ReportEvents { messages ? events.events.withMessagesForFrames : events.events }

    private var payloadDetail: PayloadDetail { payload ?? (format == .table ? .preview : .full) }
}

extension PayloadDetail: ExpressibleByArgument {}

extension AnalysisOptions {
    /// Keeps no more of the payloads than a report with these settings shows.
    mutating func narrow(to events: ReportEvents, _ payload: PayloadDetail) {
        observesFrames = events.contains(.frame)
        observesMessages = events.contains(.message)
        switch payload {
        case _ where !observesFrames && !observesMessages, .none: payloadLimit = 0
        case .preview: payloadLimit = min(payloadLimit, 1_024)
        case .full: break
        }
    }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, ndjson
}

/// What the times in the table count from, by name or by the letters that tshark has for them.
enum TimeStyle: String, ExpressibleByArgument, CaseIterable {
    case relative, absolute, local, delta, epoch

    init?(argument: String) {
        guard let style = TimeStyle.allCases.first(where: { $0.rawValue == argument || $0.letter == argument }) else {
            return nil
        }
        self = style
    }

    private var letter: String { String(rawValue.prefix(1)) }

    var times: TableTimes {
        switch self {
        case .relative: .relative
        case .absolute: .absolute
        case .delta: .delta
        case .epoch: .epoch
        case .local: .local(offset: LocalClock.offset)
        }
    }
}

/// The clock on the wall, of the zone that the environment names (`TZ`).
enum LocalClock {
    /// How many seconds it is ahead of UTC at a time.
    @Sendable
    static func offset(at time: Timestamp) -> Int {
        var seconds = time_t(time.nanoseconds / 1_000_000_000)
        var civil = tm()
        return localtime_r(&seconds, &civil) == nil ? 0 : civil.tm_gmtoff
    }
}
