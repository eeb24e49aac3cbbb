import TapCore
import TapHTTP
import TapHTTP2
import TapWebSocket

/// Recognises a WebSocket connection whose handshake was not captured, from its frames alone.
///
/// Convinced where both directions are chains of correct frames, one all masked, the other not at all: other protocols
/// do not look like that. At the end a whole frame each way is enough, where nothing else was sent. Where only the client
/// was captured, its texts must be convincing; a server alone never is.
struct PickUp {
    enum Answer {
        case undecided
        case convinced(client: Direction)
        /// The connection is TLS, of which this is held.
        case encrypted(HeldBytes)
        /// The connection is HTTP/2.
        case multiplexed(HTTP2PickUp)
        case hopeless
    }

    private(set) var held = HeldBytes()
    private var fromFirst = PickUpSide()
    private var fromSecond = PickUpSide()
    private var failures = 0
    /// Segments that cannot be frames, but begin with a record of TLS.
    private var records = 0
    /// What came from the first of them on.
    private var sinceRecord = HeldBytes()
    /// Where a connection may be HTTP/2 as well.
    @Rare private var http2: HTTP2PickUp?

    /// What is convincing, both directions together.
    private static let enoughFrames = 3
    private static let enoughWeight = 28
    /// What is convincing where nothing more will come: a frame each way that fills its segment.
    private static let enoughWeightAtEnd = 18
    /// Segments that are no frames, after which none are looked for any more: a capture may begin in a long message.
    private static let mostFailures = 256
    /// The header of each says 20 bits. One may also be the payload of a frame whose header came before the capture.
    private static let enoughRecords = 2
    static let mostHeldBytes = 64 << 10

    /// Frames that speak for it, and how sure that is in percent.
    var frames: Int { fromFirst.frames + fromSecond.frames }
    var confidence: Int {
        let weight = fromFirst.weight + fromSecond.weight
        return min(99, 100 - 100 / (1 + weight * weight / 64))
    }

    /// - Parameter mayBeHTTP2: whether frames of HTTP/2 are looked for, too: a stream of it has none.
    init(mayBeHTTP2: Bool) { if mayBeHTTP2 { http2 = HTTP2PickUp() } }

    /// What is held in memory.
    var cost: Int { held.cost + (http2?.cost ?? 0) }

    mutating func receive(_ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader) -> Answer {
        if $http2, http2?.receive(bytes, direction, in: packet) ?? false, let found = http2 {
            return .multiplexed(found)
        }
        let isPlausible =
            switch direction {
            case .fromFirst: fromFirst.receive(bytes, direction, in: packet, holdingIn: &held)
            case .fromSecond: fromSecond.receive(bytes, direction, in: packet, holdingIn: &held)
            }
        if !isPlausible {
            failures += 1
            if RecordHeader.beginChain(bytes) { records += 1 }
        }
        if records > 0, sinceRecord.cost <= PickUp.mostHeldBytes { sinceRecord.append(bytes, direction, in: packet) }
        if records >= PickUp.enoughRecords { return .encrypted(sinceRecord) }
        guard failures <= PickUp.mostFailures else { return .hopeless }
        if let client { return .convinced(client: client) }
        if held.cost > PickUp.mostHeldBytes {
            failures += 1
            miss(direction)
        }
        return .undecided
    }

    /// Whether what a peer sent is a server's frames, where it is known already that it may send some.
    func isConvincing(server: Direction) -> Bool {
        let side = server == .fromFirst ? fromFirst : fromSecond
        return side.isMasked == false && side.frames >= 2 && side.weight >= PickUp.enoughWeight
    }

    /// Bytes are missing: what comes next does not continue what was seen.
    mutating func miss(_ direction: Direction) {
        http2?.miss(1, direction)
        switch direction {
        case .fromFirst: fromFirst.miss(direction, holdingIn: &held)
        case .fromSecond: fromSecond.miss(direction, holdingIn: &held)
        }
    }

    /// A direction ends.
    mutating func end(_ end: DirectionEnd, _ direction: Direction, in packet: PacketHeader) {
        held.appendEnd(end, direction, in: packet)
    }

    /// Where the frames of both directions begin.
    /// - Parameters:
    ///   - missing: how many bytes of a direction are.
    ///   - hasEnded: whether nothing more will come.
    func starts(client: Direction, missing: (Direction) -> Int, hasEnded: Bool) -> PickUpStarts {
        let first = fromFirst.start(missing: missing(.fromFirst), hasEnded: hasEnded)
        let second = fromSecond.start(missing: missing(.fromSecond), hasEnded: hasEnded)
        return client == .fromFirst
            ? PickUpStarts(client: first, server: second) : PickUpStarts(client: second, server: first)
    }

    /// The direction of the client, once there is no doubt.
    private var client: Direction? {
        if !fromFirst.isBroken, !fromSecond.isBroken, fromFirst.frames > 0, fromSecond.frames > 0 {
            guard frames >= PickUp.enoughFrames, fromFirst.weight + fromSecond.weight >= PickUp.enoughWeight
            else { return nil }
            return maskingDirection
        }
        if fromFirst.isConvincingClient, !fromSecond.hasSpoken { return .fromFirst }
        return fromSecond.isConvincingClient && !fromFirst.hasSpoken ? .fromSecond : nil
    }

    /// The direction of the client, where nothing more will come: all that both sent is then whole frames.
    var clientAtEnd: Direction? {
        fromFirst.isWhole && fromSecond.isWhole && fromFirst.weight + fromSecond.weight >= PickUp.enoughWeightAtEnd
            ? maskingDirection : nil
    }

    /// The only direction that masks.
    private var maskingDirection: Direction? {
        guard let isFirstMasked = fromFirst.isMasked, let isSecondMasked = fromSecond.isMasked,
            isFirstMasked != isSecondMasked
        else { return nil }
        return isFirstMasked ? .fromFirst : .fromSecond
    }
}

/// Why a connection whose handshake was not captured is taken for WebSocket.
public struct PickUpEvidence: Equatable, Sendable {
    /// Correct frames that were seen before it was certain.
    public let frames: Int
    /// How sure that is, in percent.
    public let confidence: Int
}

/// Where the frames of one direction begin whose handshake was not captured.
struct PickUpStart {
    /// Whether the first byte that is held begins a frame.
    let isCertain: Bool
    /// Whether it is likely to do so.
    let isLikely: Bool
    /// Captured bytes before it.
    let skipped: Int
    /// Bytes before it that the capture does not hold.
    let missing: Int
}

/// Where those of both directions begin.
struct PickUpStarts {
    let client: PickUpStart
    let server: PickUpStart
}
