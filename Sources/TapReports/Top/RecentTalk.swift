import TapAnalysis
import TapCore

/// The latest of what was said on connections, for whoever opens one of them. It is bounded for each and in all.
struct RecentTalk: Sendable {
    /// What is kept of one connection, and bytes of all.
    private static let perConnection = 200
    private static let limit = 32 << 20
    /// What an observation takes beside its payload.
    private static let overhead = 512

    private struct Piece {
        let sequence: UInt64
        let observations: Observations
        let cost: Int
    }

    private var pieces: [Int: RecentQueue<Piece>] = [:]
    private var size = 0
    private var count = 0
    private var sequence: UInt64 = 0
    /// All of them in order, and some that are gone already.
    private var order = RecentQueue<(sequence: UInt64, connection: Int)>()

    /// Keeps an observation. Of data frames the messages say it; only what is wrong with one is told beside it.
    mutating func note(_ observation: Observation, of observations: Observations) {
        guard let connection = observation.connectionNumber else { return }
        if case .frame(let frame) = observation, frame.message != nil, frame.findings.isEmpty { return }
        let alone = observations.alone(observation)
        let cost = alone.weight + RecentTalk.overhead
        if pieces[connection]?.count ?? 0 >= RecentTalk.perConnection { removeFirst(of: connection) }
        sequence += 1
        pieces[connection, default: RecentQueue()].append(Piece(sequence: sequence, observations: alone, cost: cost))
        order.append((sequence, connection))
        size += cost
        count += 1
        while size > RecentTalk.limit, removeOldest() {}
        if order.count > 2 * count + 1_024 { removeGone() }
    }

    /// What is kept of a connection, in order.
    func observations(of connection: Int) -> [Observations] { (pieces[connection]?.all ?? []).map(\.observations) }

    mutating func forget(_ connection: Int) {
        for piece in pieces.removeValue(forKey: connection)?.all ?? [] {
            size -= piece.cost
            count -= 1
        }
    }

    private mutating func removeFirst(of connection: Int) {
        guard let first = pieces[connection]?.popFirst() else { return }
        size -= first.cost
        count -= 1
        if pieces[connection]?.count == 0 { pieces[connection] = nil }
    }

    /// - Returns: whether there was one.
    private mutating func removeOldest() -> Bool {
        guard let oldest = order.popFirst() else { return false }
        if pieces[oldest.connection]?.first?.sequence == oldest.sequence { removeFirst(of: oldest.connection) }
        return true
    }

    private mutating func removeGone() {
        let pieces = pieces
        order.keep { entry in pieces[entry.connection]?.first.map { $0.sequence <= entry.sequence } ?? false }
    }
}
