import TapAnalysis
import TapBytes

/// How connections ended that did not end cleanly, a line each.
struct UncleanEnds {
    /// Connections that are told; more are counted.
    private static let limit = 10_000

    private var ends: [(connection: Int, close: ConnectionClose)] = []
    private var untold: UInt64 = 0

    /// Keeps the connection's end where there is something to tell; one that is still open has none.
    mutating func note(_ connection: Connection) {
        guard connection.close.hasEnded, connection.close.isUnclean else { return }
        if ends.count < UncleanEnds.limit {
            ends.append((connection.number, connection.close))
        } else {
            untold += 1
        }
    }

    func write(to writer: inout TerminalWriter) {
        guard !ends.isEmpty else { return }
        writer.endLine()
        for (connection, close) in ends.sorted(by: { $0.connection < $1.connection }) {
            writer.write("#\(connection)", .connection(connection))
            writer.pad(to: 6)
            let headline = Piece("\(close.mark.sign) \(close.headline)", close.mark.ink)
            writer.flow(items: [headline] + close.outcome.map { Piece($0) }) { writer in writer.pad(to: 8) }
            writer.endLine()
        }
        guard untold > 0 else { return }
        writer.write("… and \(Decimal.counted(untold, "connection")) more", .faint)
        writer.endLine()
    }
}
