import TapCore
import TapWebSocket

/// The requests of a connection that wait for an answer, and what is known of each.
///
/// Bounded: where there would be too many, the oldest is forgotten and counted.
struct Exchanges: Sendable {
    /// Ids are unique for each side, and where a protocol counts several kinds of requests apart, for each of them.
    struct Key: Sendable {
        let sender: Sender
        let scope: Scope
        let id: String

        /// Of the id's bytes: ids that look alike are not the same.
        fileprivate var hash: UInt64 {
            var hash: UInt64 = sender == .client ? 0xCBF2_9CE4_8422_2325 : 0xAF63_BD4C_8601_B7DF
            for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            return hash
        }

        fileprivate func isSame(as other: Key) -> Bool {
            sender == other.sender && id == other.id && scope == other.scope
        }
    }

    /// What ids are counted for.
    enum Scope: Equatable, Sendable {
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
    }

    /// The requests that wait, in the order in which they were asked, and the hashes of their keys: most connections have few,
    /// and there are never too many to look at each. Those before ``first`` are over.
    private var open: [(key: Key, request: Request)] = []
    private var hashes: [UInt64] = []
    private var first = 0

    func isOpen(_ key: Key) -> Bool { index(of: key, key.hash) != nil }

    /// Adds a request, and returns the one that is still open under the same key.
    mutating func ask(
        _ key: Key, _ item: ApplicationItem, in message: ApplicationMessage, demandsAnswer: Bool,
        _ limits: ApplicationLimits, _ room: inout ApplicationRoom
    ) -> Request? {
        let request = Request(
            protocol: item.protocol, kind: item.kind, name: item.name, message: message.number, time: message.time,
            demandsAnswer: demandsAnswer)
        let hash = key.hash
        let previous = index(of: key, hash).map { remove(at: $0, &room) }
        open.append((key, request))
        hashes.append(hash)
        room.openRequests += 1
        if previous != nil { return previous }
        while count > 1, count > limits.openRequests || room.openRequests > limits.openRequestsInAll {
            _ = remove(at: first, &room)
            room.forgottenRequests &+= 1
        }
        return nil
    }

    /// The request that a message answers. It stays open where further answers are to come.
    mutating func answer(_ key: Key, isLast: Bool, _ room: inout ApplicationRoom) -> Request? {
        guard let index = index(of: key, key.hash) else { return nil }
        guard isLast else {
            defer { open[index].request.demandsAnswer = false }
            return open[index].request
        }
        return remove(at: index, &room)
    }

    /// Forgets all: something is missing in the capture that may have been an answer, or the same id again.
    mutating func removeAll(_ room: inout ApplicationRoom) {
        room.openRequests -= count
        open.removeAll()
        hashes.removeAll()
        first = 0
    }

    /// What is still open, in the order in which it was asked.
    var pending: [(key: Key, request: Request)] { Array(open[first...]) }

    private var count: Int { open.count - first }

    private func index(of key: Key, _ hash: UInt64) -> Int? {
        for index in first..<hashes.count where hashes[index] == hash {
            if open[index].key.isSame(as: key) { return index }
        }
        return nil
    }

    private mutating func remove(at index: Int, _ room: inout ApplicationRoom) -> Request {
        room.openRequests -= 1
        guard index == first else {
            hashes.remove(at: index)
            return open.remove(at: index).request
        }
        // The oldest is the one that is answered most often, or forgotten.
        let request = open[index].request
        first += 1
        if first >= 64 || first == open.count {
            open.removeFirst(first)
            hashes.removeFirst(first)
            first = 0
        }
        return request
    }
}
