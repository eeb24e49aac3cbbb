import TapCore

/// A stream that is followed. Its connection alone changes it, never twice at once: each access would otherwise be checked for
/// that, which for a frame costs more than all the rest.
final class HTTP2Stream {
    enum Kind {
        case tunnel
        /// Its request is not known.
        case candidate
    }

    /// What is known of one direction.
    struct Side {
        var isEnded = false
        /// What was sent, without what the peer granted beside the initial window, in bytes.
        var used: Int64 = 0
        var exhausted: PacketHeader?
        /// How often the peer's initial window had changed when it was exhausted.
        var windowChanges = 0
        /// How much of ``HTTP2Half/lostBytes`` was before it, or was given.
        var lostBytes: UInt64
    }

    let id: HTTP2StreamID
    @exclusivity(unchecked) var kind: Kind
    @exclusivity(unchecked) var sides: [Side]
    /// Whether a response was seen that is no interim one.
    @exclusivity(unchecked) var hasResponse = false
    /// How much was given to a receiver that cannot tell yet.
    @exclusivity(unchecked) var undecidedBytes = 0

    init(_ id: HTTP2StreamID, _ kind: Kind, lostBytes: [UInt64]) {
        self.id = id
        self.kind = kind
        sides = lostBytes.map { Side(lostBytes: $0) }
    }

    var isHalfOver: Bool { sides.contains(where: \.isEnded) }
    var isOver: Bool { sides.allSatisfy(\.isEnded) }
}

/// Streams in the order in which they came; those that are over are left out late.
struct HTTP2StreamQueue {
    private var ids: [HTTP2StreamID] = []
    private var first = 0

    /// - Parameter live: how many of them there are at most, by `isLive`.
    mutating func append(_ id: HTTP2StreamID, live: Int, isLive: (HTTP2StreamID) -> Bool) {
        if ids.count > 2 * live + Self.slack {
            ids = ids[first...].filter(isLive)
            first = 0
        }
        ids.append(id)
    }

    private static let slack = 64

    mutating func popFirst(where isLive: (HTTP2StreamID) -> Bool) -> HTTP2StreamID? {
        while first < ids.count {
            first += 1
            if isLive(ids[first - 1]) { return ids[first - 1] }
        }
        return nil
    }
}
