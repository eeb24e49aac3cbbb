import TapCore
import TapWebSocket

/// The requests of a connection that wait for an answer, and what is known of each.
///
/// Bounded: where there would be too many, the oldest is forgotten and counted.
struct Exchanges: Sendable {
    /// Ids are unique for each side, and where a protocol counts several kinds of requests apart, for each of them.
    struct Key: Hashable, Sendable {
        let sender: Sender
        let scope: Scope
        let id: String
    }

    /// What ids are counted for.
    enum Scope: Hashable, Sendable {
        case request
        /// MQTT: a message delivered at least or exactly once, and the two further steps of the latter.
        case publish, received, release
        case subscribe
        case connect
        case ping
        case join
        case transaction(String)
    }

    struct Request: Sendable {
        let `protocol`: ApplicationProtocol
        let kind: String
        let name: String?
        let message: Int
        let time: Timestamp
        /// Whether the protocol demands an answer, and has none yet, so that its absence is worth a finding.
        fileprivate(set) var demandsAnswer: Bool
        fileprivate let order: UInt64
    }

    private var open: [Key: Request] = [:]
    /// The keys in the order in which they were opened; those answered since then are skipped.
    private var queue: [(key: Key, order: UInt64)] = []
    private var queueStart = 0
    private var nextOrder: UInt64 = 0

    func isOpen(_ key: Key) -> Bool { open[key] != nil }

    /// Adds a request, and returns the one that is still open under the same key.
    mutating func ask(
        _ key: Key, _ item: ApplicationItem, in message: ApplicationMessage, demandsAnswer: Bool,
        _ limits: ApplicationLimits, _ room: inout ApplicationRoom
    ) -> Request? {
        let request = Request(
            protocol: item.protocol, kind: item.kind, name: item.name, message: message.number, time: message.time,
            demandsAnswer: demandsAnswer, order: nextOrder)
        nextOrder &+= 1
        let previous = open.updateValue(request, forKey: key)
        queue.append((key, request.order))
        guard previous == nil else {
            compact()
            return previous
        }
        room.openRequests += 1
        while open.count > 1, open.count > limits.openRequests || room.openRequests > limits.openRequestsInAll {
            guard forgetOldest(&room) else { break }
        }
        compact()
        return nil
    }

    /// The request that a message answers. It stays open where further answers are to come.
    mutating func answer(_ key: Key, isLast: Bool, _ room: inout ApplicationRoom) -> Request? {
        guard isLast else {
            defer { open[key]?.demandsAnswer = false }
            return open[key]
        }
        guard let request = open.removeValue(forKey: key) else { return nil }
        room.openRequests -= 1
        return request
    }

    /// Forgets all: something is missing in the capture that may have been an answer, or the same id again.
    mutating func removeAll(_ room: inout ApplicationRoom) {
        room.openRequests -= open.count
        open.removeAll()
        queue.removeAll()
        queueStart = 0
    }

    /// What is still open, in the order in which it was asked.
    var pending: [(key: Key, request: Request)] {
        open.map { ($0.key, $0.value) }.sorted { $0.1.order < $1.1.order }
    }

    private mutating func forgetOldest(_ room: inout ApplicationRoom) -> Bool {
        while queueStart < queue.count {
            let (key, order) = queue[queueStart]
            queueStart += 1
            guard open[key]?.order == order else { continue }
            open[key] = nil
            room.openRequests -= 1
            room.forgottenRequests &+= 1
            return true
        }
        return false
    }

    /// Keys of requests that were answered do not pile up.
    private mutating func compact() {
        guard queue.count - queueStart > 2 * open.count + 64 || queueStart > 1_024 else { return }
        queue = queue[queueStart...].filter { open[$0.key]?.order == $0.order }
        queueStart = 0
    }
}
