import ArgumentParser
import TapAnalysis
import TapFilters
import TapRedaction
import TapReports
import TapWebSocket

/// What of the traffic is shown. Several options are one filter: all of them must hold.
struct FilterOptions: ParsableArguments {
    @Option(
        name: [.customShort("Y"), .long],
        help: ArgumentHelp(
            """
            Show only what matches a display filter, as in 'websocket.opcode == 1 && ip.addr == 10.0.0.7'; of several, all must hold. \
            `wstap fields` lists what it can ask for.
            """, valueName: "expression"), completion: .list(FilterField.allCases.map(\.rawValue)))
    var filter: [String] = []

    @Option(
        help: ArgumentHelp(
            "Show connections as a whole that match this filter at any point; files are read twice.",
            valueName: "expression"), completion: .list(FilterField.allCases.map(\.rawValue)))
    var connectionsWhere: String?

    @Option(
        help: ArgumentHelp("Connections by number: 3, or 1,4-6.", valueName: "numbers"),
        transform: ConnectionList.parse)
    var connection: [ClosedRange<Int>] = []

    @Option(help: ArgumentHelp("Connections to a host whose name contains this.", valueName: "text"))
    var host: String?

    @Option(help: ArgumentHelp("Connections to a path that contains this.", valueName: "text"))
    var path: String?

    @Option(help: "What this peer sent.")
    var sender: Sender?

    @Option(
        help: ArgumentHelp(
            "Messages whose text, inflated, contains this; in any case unless it has capital letters.",
            valueName: "text"))
    var grep: String?

    @Flag(help: "Only what has findings.")
    var findingsOnly = false

    @Option(help: "What to leave out: pings, pongs and the heartbeats of applications.")
    var hide: HiddenPart?

    /// The filter that all of these are; `nil` where everything is shown. The options are extended by what it must see.
    /// A filter that makes no sense is wrong usage, told with a mark at the spot.
    /// - Parameters:
    ///   - redaction: what takes secrets out of such a message.
    ///   - analysis: what reads the files; `nil` where packets come only once.
    ///   - isDialogue: whether connections and their sides are chosen by who shows them, and messages stand for their frames.
    func displayFilter(
        extending options: inout AnalysisOptions, payloadLimit: Int, redacting redaction: Redaction?,
        reading analysis: FileAnalysis?, isDialogue: Bool = false
    ) throws -> DisplayFilter? {
        var parts: [FilterExpression] = []
        if let connectionsWhere {
            let expression = try parsed(connectionsWhere, redacting: redaction)
            let numbers = try connections(where: expression, options, payloadLimit, reading: analysis)
            parts.append(.chosen(ChosenConnections(numbers, where: expression)))
        }
        for filter in filter { parts.append(try parsed(filter, redacting: redaction)) }
        parts += simpleParts(isDialogue: isDialogue)
        guard let expression = FilterExpression.joined(parts) else { return nil }
        return DisplayFilter(expression, extending: &options, payloadLimit: payloadLimit, joinsFrames: isDialogue)
    }

    private func parsed(_ filter: String, redacting redaction: Redaction?) throws -> FilterExpression {
        do { return try FilterExpression(filter) } catch {
            StandardError.say(error, in: filter, redacting: redaction)
            throw ExitCode.usage
        }
    }

    /// The connections for which a filter holds at any time. The files are read to their end for that.
    private func connections(
        where expression: FilterExpression, _ all: AnalysisOptions, _ payloadLimit: Int,
        reading analysis: FileAnalysis?
    ) throws -> Set<Int> {
        guard var analysis else {
            throw ValidationError(
                "--connections-where must have seen all of the traffic: keep it with -w, and read the file")
        }
        if let stream = analysis.paths.first(where: InputPath.isStream) {
            throw ValidationError("\(stream): --connections-where reads its input twice, which needs a file")
        }
        var options = all
        options.narrow(to: [], .none)
        let filter = DisplayFilter.choosing(expression, extending: &options, payloadLimit: payloadLimit)
        analysis.isQuiet = true
        let choice = ConnectionChoice()
        var pipeline = Pipeline(options, filteredBy: filter, redacting: nil, to: choice)
        _ = try analysis.run(&pipeline)
        return choice.numbers
    }

    /// What previews are to show.
    var search: TextSearch? {
        grep.map { TextSearch($0, ignoresCase: FilterExpression.ignoresCase(of: $0)) }
    }

    /// Says so where there is no connection with one of the numbers.
    func noteAbsent(from summary: Summary) {
        guard let absent = connection.first(where: { $0.lowerBound > summary.connections }) else { return }
        let what = summary.connections == 0 ? "there are none" : "the last one is \(summary.connections)"
        StandardError.say("there is no connection \(absent.lowerBound): \(what)")
    }

    /// Whether some connections are chosen among all.
    var choosesConnections: Bool {
        !filter.isEmpty || !connection.isEmpty || connectionsWhere != nil || host != nil || path != nil || grep != nil
            || findingsOnly
    }

    private func simpleParts(isDialogue: Bool) -> [FilterExpression] {
        var parts: [FilterExpression] = []
        if !connection.isEmpty, !isDialogue { parts.append(.connections(connection)) }
        if let host { parts.append(.host(containing: host)) }
        if let path { parts.append(.path(containing: path)) }
        if let sender, !isDialogue { parts.append(.sender(sender)) }
        if let grep { parts.append(.text(containing: grep)) }
        if findingsOnly { parts.append(.findings) }
        if hide == .heartbeat { parts.append(.withoutHeartbeats) }
        return parts
    }
}

extension Sender: ExpressibleByArgument {}

/// Numbers of connections, as users type them: `3`, `1,4`, `2-5`.
enum ConnectionList {
    static func parse(_ text: String) throws -> [ClosedRange<Int>] {
        let ranges = text.split(separator: ",", omittingEmptySubsequences: false).map(range)
        let known = ranges.compactMap { $0 }
        guard known.count == ranges.count else {
            throw ValidationError("connections are numbers from 1, as in 3, or 1,4-6")
        }
        return known
    }

    private static func range(_ text: Substring) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(number)
        guard let first = ends.first, let first, let last = ends.last, let last, first <= last else { return nil }
        return first...last
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), number > 0 else {
            return nil
        }
        return number
    }
}

/// What `--hide` leaves out.
enum HiddenPart: String, ExpressibleByArgument, CaseIterable {
    case heartbeat
}
