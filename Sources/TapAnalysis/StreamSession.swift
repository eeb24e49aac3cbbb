import TapCore
import TapHTTP
import TapHTTP2
import TapHTTP3
import TapWebSocket

/// A connection that carries many streams, HTTP/2 or HTTP/3, and those of them that are WebSocket or may be.
class StreamSession {
    /// What tells the connection of TCP or QUIC from others.
    final let flow: FlowIdentity
    /// What was said of the connection before its first byte.
    final let proxy: ProxyHeader?
    final let transport: TunnelStream.Transport
    /// The handshake of QUIC; that of TLS in TCP belongs to what carries the session.
    var tls: TLSDetails? { nil }
    /// How many handshakes were told of its streams.
    final var handshakes = 0
    /// Which process on the machine that captured the connection is of, where packets say so.
    final var process: CapturedProcess?
    /// Where its streams are followed.
    private final var streams = HTTP2StreamTable<FlowID>()
    /// Those of which one direction is over.
    private final var halfOver: Set<HTTP2StreamID> = []
    /// What is wrong with the connection as a whole, until a stream is WebSocket that it can be told of.
    final private(set) var untold: [Untold] = []
    /// The direction of the client, as far as it is known.
    final var client: Direction?
    /// Why bytes are missing that are passed over now.
    final var gapReason = GapReason.acknowledged
    /// Whether one direction is further than the other in what is read.
    final var isPeerBehind = false
    /// Whether it is no HTTP/2 after all.
    final var isRefused = false
    /// Who said that the connection is about to end.
    private final var departure: Departure?
    /// By direction.
    private final var sides = InlineArray<2, Side>(repeating: Side())

    /// What was found wrong, and where.
    struct Untold {
        let violation: Violation
        let direction: Direction
        let packet: PacketHeader
    }

    /// What GOAWAY said.
    private struct Departure {
        let direction: Direction
        var lastStream: HTTP2StreamID
        var isError: Bool
    }

    private struct Side {
        var end: DirectionEnd?
        var hasHole = false
        /// Whether its next frame is sought.
        var isSeeking = false
        var hasSpoken = false
    }

    init(_ flow: FlowIdentity, proxy: ProxyHeader?, transport: TunnelStream.Transport) {
        self.flow = flow
        self.proxy = proxy
        self.transport = transport
    }

    /// Which stream of its transport one is.
    final func tunnelStream(_ id: HTTP2StreamID) -> TunnelStream {
        TunnelStream(transport, transport == .h3 ? id.numberInHTTP3 : id.rawValue)
    }

    final subscript(id: HTTP2StreamID) -> FlowID? {
        get { streams[id] }
        set { streams[id] = newValue }
    }

    /// Its streams, by their numbers.
    final var inOrder: [(id: HTTP2StreamID, flow: FlowID)] { streams.inOrder.map { (id: $0.id, flow: $0.value) } }

    /// Where the first of them is followed that `isSought`, by their numbers.
    final func first(where isSought: (FlowID) -> Bool) -> FlowID? { streams.first(where: isSought) }

    final func forget(_ id: HTTP2StreamID) {
        self[id] = nil
        halfOver.remove(id)
    }

    /// Notes that one direction of a stream is over; answers whether both are.
    final func noteEnd(of id: HTTP2StreamID) -> Bool { !halfOver.insert(id).inserted }

    // MARK: What is missing, and what ends

    /// Whether every byte that a direction sent was captured so far.
    final func isWhole(_ direction: Direction) -> Bool { !sides[Int(direction.rawValue)].hasHole }

    /// Whether every byte of both was.
    final var isWhole: Bool { isWhole(.fromFirst) && isWhole(.fromSecond) }

    /// It is not known where the next frame begins, or it is again.
    final func note(seeking isSeeking: Bool, _ direction: Direction) {
        sides[Int(direction.rawValue)].isSeeking = isSeeking
    }

    /// Peers that may have sent more before a reset than was read yet: who resets may have seen it.
    final func unseen(client: Direction) -> Sides {
        if isPeerBehind { return .both }
        var unseen: Sides = []
        for direction in [Direction.fromFirst, .fromSecond] where sides[Int(direction.rawValue)].isSeeking {
            unseen.insert(Sides(Sender(direction, client: client)))
        }
        return unseen
    }

    /// Peers that may already have sent more than was captured, in a transport whose bytes come in any order.
    var uncertain: Sides { [] }

    final func noteHole(_ direction: Direction) { sides[Int(direction.rawValue)].hasHole = true }

    final func note(spokenOn direction: Direction) { sides[Int(direction.rawValue)].hasSpoken = true }

    /// Whether anything of a direction was captured.
    final func hasSpoken(_ direction: Direction) -> Bool { sides[Int(direction.rawValue)].hasSpoken }

    /// A peer sent GOAWAY: a further one may say more. Once TCP has begun to end it tells nothing.
    final func noteGoAway(_ direction: Direction, _ lastStream: HTTP2StreamID, _ code: UInt32) {
        guard sides[0].end == nil, sides[1].end == nil else { return }
        let isError = code != 0
        guard var known = departure else {
            departure = Departure(direction: direction, lastStream: lastStream, isError: isError)
            return
        }
        if known.direction == direction {
            known.lastStream = min(known.lastStream, lastStream)
            known.isError = known.isError || isError
        } else if isError, !known.isError {
            known = Departure(direction: direction, lastStream: lastStream, isError: true)
        }
        departure = known
    }

    /// What GOAWAY means for a stream, where there was one. The server's tells which of the client's streams it will finish.
    final func goAway(for id: HTTP2StreamID, client: Direction) -> GoAway? {
        departure.map {
            let isLeftOut = $0.direction != client && id > $0.lastStream
            return GoAway(sender: Sender($0.direction, client: client), endsStream: $0.isError || isLeftOut)
        }
    }

    /// How TCP ends a direction.
    final func note(_ end: DirectionEnd, _ direction: Direction) { sides[Int(direction.rawValue)].end = end }

    /// Whether all that a direction sent was captured, up to its end.
    final func isKnownToEnd(_ direction: Direction) -> Bool {
        let side = sides[Int(direction.rawValue)]
        return !side.hasHole && side.end.map { $0.isCaptured && !$0.isBehindHole } ?? false
    }

    // MARK: What is wrong with all of it

    /// The first ones are enough to tell that something is wrong.
    private static let mostUntold = 8

    final func keep(_ violation: Violation, _ direction: Direction, in packet: PacketHeader) {
        guard untold.count < StreamSession.mostUntold else { return }
        untold.append(Untold(violation: violation, direction: direction, packet: packet))
    }

    final func takeUntold() -> [Untold] {
        defer { untold = [] }
        return untold
    }
}
