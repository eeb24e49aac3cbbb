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
            Show what a display filter holds for, as in 'websocket.opcode == 1 && ip.addr == 10.0.0.7'; of several, all must hold. \
            `wstap fields` lists what it can ask for.
            """, valueName: "expression"))
    var filter: [String] = []

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

    @Flag(help: "Only what something was found about.")
    var findingsOnly = false

    @Option(help: "What to leave out: pings, pongs and the heartbeats of applications.")
    var hide: HiddenPart?

    /// The filter that all of these are; `nil` where everything is shown. The options are extended by what it must see.
    /// A filter that makes no sense is wrong usage, told with a mark at the spot.
    /// - Parameter redaction: what takes secrets out of such a message.
    func displayFilter(
        extending options: inout AnalysisOptions, payloadLimit: Int, redacting redaction: Redaction?
    ) throws -> DisplayFilter? {
        var parts: [FilterExpression] = []
        for filter in filter {
            do {
                parts.append(try FilterExpression(filter))
            } catch {
                StandardError.say(error, in: filter, redacting: redaction)
                throw ExitCode.usage
            }
        }
        parts += simpleParts
        guard let expression = FilterExpression.joined(parts) else { return nil }
        return DisplayFilter(expression, extending: &options, payloadLimit: payloadLimit)
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

    private var simpleParts: [FilterExpression] {
        var parts: [FilterExpression] = []
        if !connection.isEmpty { parts.append(.connections(connection)) }
        if let host { parts.append(.host(containing: host)) }
        if let path { parts.append(.path(containing: path)) }
        if let sender { parts.append(.sender(sender)) }
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
