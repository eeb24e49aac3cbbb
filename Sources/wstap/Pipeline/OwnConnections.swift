import TapAnalysis
import TapCore
import TapReports

/// Passes on what is about the connections of one program: those that were read with its keys, and those in the clear whose
/// socket it has.
final class OwnConnections: Destination {
    private let destination: any Destination
    private var shown: Set<Int> = []
    private var totals: ShownTotals
    /// The sockets of the program, once it runs.
    var sockets: ProcessSockets?
    /// How many connections of TLS were not read, whoever had them.
    private(set) var unread = 0

    init(_ destination: any Destination, of program: String) {
        self.destination = destination
        totals = ShownTotals(filter: program)
    }

    var report: (any Report)? { destination.report }
    var isOnScreen: Bool { destination.isOnScreen }

    func write(_ observations: Observations, start: Timestamp) throws(OutputError) {
        let own = observations.all.filter(isOwn)
        guard !own.isEmpty else { return }
        try destination.write(observations.with(own), start: start)
    }

    private func isOwn(_ observation: Observation) -> Bool {
        switch observation {
        case .handshake(let handshake):
            let isInClear = handshake.tls == nil
            let isOwn =
                handshake.tls?.keys == .keyLog
                || isInClear && sockets?.contain(handshake.client, handshake.server) ?? false
            guard isOwn else { return false }
            shown.insert(handshake.connection)
            totals.connections += 1
        case .frame(let frame):
            guard shown.contains(frame.connection) else { return false }
            totals.frames += 1
        case .message(let message):
            guard shown.contains(message.connection) else { return false }
            totals.messages += 1
        case .finding(let finding):
            guard shown.contains(finding.connection) else { return false }
            totals.count(finding.violation)
        case .connection(let connection): return shown.remove(connection.number) != nil
        case .tls(let connection):
            unread += 1
            return connection.tls.keys == .keyLog
        }
        return true
    }

    func finish(_ summary: Summary, dropped: UInt64) throws(OutputError) {
        var summary = summary
        summary.shown = totals
        try destination.finish(summary, dropped: dropped)
    }
}
