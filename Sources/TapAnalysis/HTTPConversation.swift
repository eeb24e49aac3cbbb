import TapCore
import TapHTTP
import TapHTTP2
import TapWebSocket

/// The HTTP part of a connection, before it switches to WebSocket: pairs requests with responses and finds the switch.
struct HTTPConversation {
    enum Outcome {
        /// HTTP goes on.
        case goingOn
        /// Nothing here is of interest.
        case ignored
        /// Indirect, since few packets end so, and all answer this.
        indirect case upgraded(Upgrade)
        /// It is TLS.
        indirect case secured(TLSStart)
        /// It is HTTP/2.
        indirect case multiplexed(HTTP2Start)
    }

    /// How far a switch out of HTTP has come.
    enum State {
        /// Requests and responses follow each other. Responses whose requests are late in the capture, as their
        /// acknowledgments show, wait here.
        case exchanging(early: [HTTPHead])
        /// What this client sends after a request that may leave HTTP is held, since the answer will tell what it is. So
        /// many bytes that are no HTTP came in place of the answer.
        case awaitingAnswer(client: Direction, strayBytes: Int)
        /// A 101 whose request was not seen yet; what its server sends after it is held.
        indirect case awaitingRequest(SwitchHead, server: Direction, early: [HTTPHead])
        /// What follows the answer to an upgrade is there, but not what the answer was: frames will tell, and what both
        /// peers send is held.
        indirect case awaitingFrames(client: Direction, response: SwitchHead)

        static let initial = State.exchanging(early: [])
    }

    /// What was wrong with a segment, to be told if this becomes WebSocket.
    struct NotedAnomaly {
        let anomaly: SegmentAnomaly
        let direction: Direction
        let packet: PacketHeader
    }

    /// What TCP had to do, the same.
    struct NotedEvent {
        let event: TransportEvent
        let direction: Direction
        let packet: PacketHeader
    }

    let flow: FlowIdentity
    /// See ``Handshake/roundTrip``; zero where nobody knows.
    let roundTrip: UInt32
    /// The handshakes so far.
    private var exchanges: UInt32 = 0
    private(set) var anomalies: [NotedAnomaly] = []
    /// What TCP had to do so far, for the connection that it may become.
    private(set) var events: [NotedEvent] = []
    private var fromFirst: HTTPStream
    private var fromSecond: HTTPStream
    var state = State.initial
    var requests: [PendingRequest] = []
    /// Whether a response was forgotten whose request came behind missing bytes: it may answer the next request, or one of those.
    var hasForgottenAnswer = false
    /// What was said of the connection before its first head, by a proxy in front or to a SOCKS proxy.
    private(set) var proxy: ProxyHeader?
    /// What cannot be understood yet: what the state says, what is missing in heads, and what may be the rest of one.
    var held = HeldBytes()
    /// How many held bytes of this conversation are counted in the sum over all.
    private(set) var countedBytes = 0
    /// Whether frames without a handshake may still be looked for, though the start was captured.
    private var mayPickUp: Bool
    /// Which process on the machine that captured the connection is of, where packets say so.
    @Rare var process: CapturedProcess?
    /// Where the start was not captured, or a head was lost: what speaks for WebSocket.
    @Rare var pickUp: PickUp?
    /// What may be the beginning of HTTP/2, of either direction.
    @Rare var prior: HeldBytes?
    /// What is told once the beginning of its body is there.
    @Rare var refusal: PendingRefusal?

    init(flow: FlowIdentity, roundTrip: UInt32, isStartKnown: Bool, headLimit: Int, proxy: ProxyHeader?) {
        self.flow = flow
        self.roundTrip = roundTrip
        self.proxy = proxy
        fromFirst = HTTPStream(isStartKnown: isStartKnown, headLimit: headLimit)
        fromSecond = HTTPStream(isStartKnown: isStartKnown, headLimit: headLimit)
        mayPickUp = isStartKnown
        if !isStartKnown { pickUp = PickUp(mayBeHTTP2: true) }
    }

    /// Names the connection that a handshake begins.
    mutating func name(_ context: inout AnalysisContext) -> ConnectionName {
        exchanges &+= 1
        return ConnectionName(number: context.nextConnection(), id: ConnectionID(flow, exchange: exchanges))
    }

    subscript(direction: Direction) -> HTTPStream {
        _read {
            switch direction {
            case .fromFirst: yield fromFirst
            case .fromSecond: yield fromSecond
            }
        }
        _modify {
            switch direction {
            case .fromFirst: yield &fromFirst
            case .fromSecond: yield &fromSecond
            }
        }
    }

    /// Reads bytes from `offset` on. After an upgrade, those that are left belong to WebSocket.
    mutating func receive(
        _ bytes: RawSpan, from offset: inout Int, _ direction: Direction, in packet: PacketHeader, isPeerBehind: Bool,
        _ context: inout AnalysisContext
    ) -> Outcome {
        if mayBeginHTTP2(bytes, direction) {
            return recognise(bytes, from: &offset, direction, in: packet, isPeerBehind: isPeerBehind, &context)
        }
        return receiveHTTP1(bytes, from: &offset, direction, in: packet, isPeerBehind: isPeerBehind, &context)
    }

    /// The same where it is no HTTP/2.
    mutating func receiveHTTP1(
        _ bytes: RawSpan, from offset: inout Int, _ direction: Direction, in packet: PacketHeader, isPeerBehind: Bool,
        _ context: inout AnalysisContext
    ) -> Outcome {
        while offset < bytes.byteCount {
            let outcome: Outcome
            if isHolding(direction) {
                outcome = hold(
                    bytes, from: &offset, direction, in: packet, isPeerBehind: isPeerBehind, &context)
            } else {
                outcome = read(bytes, from: &offset, direction, in: packet, isPeerBehind: isPeerBehind, &context)
            }
            guard case .goingOn = outcome else {
                reportRefusal(&context)
                return outcome
            }
        }
        return .goingOn
    }

    /// Whether what comes in a direction is held.
    func isHolding(_ direction: Direction) -> Bool {
        switch state {
        case .exchanging: false
        case .awaitingAnswer(let client, _): direction == client
        case .awaitingRequest(_, let server, _): direction == server
        case .awaitingFrames: true
        }
    }

    private mutating func hold(
        _ bytes: RawSpan, from offset: inout Int, _ direction: Direction, in packet: PacketHeader, isPeerBehind: Bool,
        _ context: inout AnalysisContext
    ) -> Outcome {
        if case .awaitingFrames(let client, _) = state {
            if HTTPStream.looksLikeHead(bytes.from(offset)) {
                goOn(after: client)
                return .goingOn
            }
            held.append(bytes.from(offset), direction, in: packet, isPeerBehind: isPeerBehind)
            let outcome = lookForFrames(bytes.from(offset), direction, in: packet, &context)
            offset = bytes.byteCount
            guard case .goingOn = outcome else { return outcome }
        } else {
            held.append(bytes.from(offset), direction, in: packet, isPeerBehind: isPeerBehind)
            offset = bytes.byteCount
        }
        return held.cost > context.options.heldUpgradeLimit ? giveUpWaiting(in: packet, &context) : .goingOn
    }

    /// Reads up to the next thing that happens, or to the end.
    mutating func read(
        _ bytes: RawSpan, from offset: inout Int, _ direction: Direction, in packet: PacketHeader, isPeerBehind: Bool,
        _ context: inout AnalysisContext
    ) -> Outcome {
        if isSeeking(direction), !HTTPStream.looksLikeHead(bytes) {
            if case .awaitingRequest = state { return giveUpWaiting(in: packet, &context) }
            offset = bytes.byteCount
            return pickUp(bytes, direction, in: packet, &context)
        }
        let start = offset
        let isInCutHead = !held.pieces.isEmpty && isInCutHead(direction)
        if isInCutHead, start == 0, HTTPStream.looksLikeHead(bytes) { forgetCutHead(direction, in: packet, &context) }
        let event = self[direction].read(bytes, from: &offset, in: packet)
        if $refusal { noteBody(bytes.from(start).upTo(offset - start), isOver: event != nil, direction, &context) }
        switch event {
        case nil:
            guard isInCutHead, self.isInCutHead(direction) else { return .goingOn }
            held.append(bytes.from(start), direction, in: packet, isPeerBehind: isPeerBehind)
            return held.cost > context.options.heldUpgradeLimit ? giveUpWaiting(in: packet, &context) : .goingOn
        case .tls(let opening):
            reportUnanswered(in: packet, &context)
            var held = HeldBytes()
            // The other direction may have begun, too.
            if let begun = self[direction.opposite].opening {
                held.append(begun.bytes.span.bytes, direction.opposite, in: packet)
            }
            let begun = opening.bytes
            if offset - start == begun.count {
                // Mostly all of it came now, with what follows it.
                offset = start
            } else {
                held.append(begun.span.bytes, direction, in: packet, isPeerBehind: isPeerBehind)
            }
            return .secured(TLSStart(isStartCaptured: true, held: held, proxy: proxy))
        case .notHTTP:
            return receiveStray(bytes.from(start).upTo(offset - start), direction, in: packet, &context)
        case .strayed(let stray):
            receive(stray, direction)
        case .headTooLong:
            return giveUp(in: packet, &context)
        case .proxied(let header):
            proxy = header
            if offset < bytes.byteCount, mayBeginHTTP2(bytes.from(offset), direction) {
                return recognise(bytes, from: &offset, direction, in: packet, isPeerBehind: isPeerBehind, &context)
            }
        case .bodyFinished:
            if let last = requests.last, last.mayLeaveHTTP, last.client == direction { hold(direction) }
        case .head(let head):
            if !held.pieces.isEmpty, case .exchanging = state { held.remove(direction) }
            return receive(head, direction, isPeerBehind: isPeerBehind, in: packet, &context)
        case .cutHead(let part):
            held.removeBytes(direction)
            return receive(part, isEndKnown: true, direction, in: packet, &context)
        case .lostHead(let part):
            held.append(bytes.from(start), direction, in: packet, isPeerBehind: isPeerBehind)
            offset = bytes.byteCount
            return receive(part, isEndKnown: false, direction, in: packet, &context)
        }
        return .goingOn
    }

    private func isSeeking(_ direction: Direction) -> Bool {
        switch direction {
        case .fromFirst: fromFirst.isSeeking
        case .fromSecond: fromSecond.isSeeking
        }
    }

    private func isInCutHead(_ direction: Direction) -> Bool {
        switch direction {
        case .fromFirst: fromFirst.isInCutHead
        case .fromSecond: fromSecond.isInCutHead
        }
    }

    /// The fast path for most of what other traffic sends: steps over bytes inside a body, and answers whether that was
    /// all there was to do.
    mutating func stepOver(_ bytes: RawSpan, _ direction: Direction) -> Bool {
        guard case .exchanging = state, !$refusal else { return false }
        switch direction {
        case .fromFirst: return fromFirst.stepOver(bytes.byteCount)
        case .fromSecond: return fromSecond.stepOver(bytes.byteCount)
        }
    }

    /// The first ones are enough to tell that something is wrong.
    private static let anomalyLimit = 8

    mutating func note(_ anomaly: SegmentAnomaly, _ direction: Direction, in packet: PacketHeader) {
        if case .ignored(let segment) = anomaly, segment.reason == .late {
            held.fill(segment.length, direction, in: packet)
        }
        guard anomalies.count < HTTPConversation.anomalyLimit else { return }
        anomalies.append(NotedAnomaly(anomaly: anomaly, direction: direction, packet: packet))
    }

    mutating func note(_ event: TransportEvent, _ direction: Direction, in packet: PacketHeader) {
        guard events.count < HTTPConversation.eventLimit else { return }
        events.append(NotedEvent(event: event, direction: direction, packet: packet))
    }

    /// More are not to be expected in the time of a handshake.
    private static let eventLimit = 64

    /// Counts what is held anew; answers by how much it grew.
    mutating func recount() -> Int {
        let counted = countedBytes
        countedBytes = heldBytes
        return countedBytes - counted
    }

    /// What this conversation holds in memory of the bytes that came.
    private var heldBytes: Int {
        var waiting = waitingAttempt()?.cost ?? 0
        switch state {
        case .exchanging(let early): waiting += early.reduce(0) { $0 + $1.cost }
        case .awaitingRequest(let response, _, let early):
            waiting += early.reduce(response.head?.cost ?? 0) { $0 + $1.cost }
        case .awaitingAnswer, .awaitingFrames: break
        }
        return fromFirst.heldBytes + fromSecond.heldBytes + held.cost + waiting + (pickUp?.cost ?? 0)
            + (prior?.cost ?? 0) + (refusal?.cost ?? 0)
    }

    /// Frames without a handshake are looked for once, where a head is lost.
    mutating func openPickUp() {
        guard mayPickUp else { return }
        mayPickUp = false
        pickUp = PickUp(mayBeHTTP2: true)
    }

    /// What follows a request that may leave HTTP may be the next one, or anything else: the response will tell.
    mutating func hold(_ direction: Direction) {
        if case .exchanging = state { state = .awaitingAnswer(client: direction, strayBytes: 0) }
    }

    /// A proxy's tunnel: a new connection begins inside, of HTTP or of anything. RFC 9110 §9.3.6.
    mutating func enterTunnel(in packet: PacketHeader, _ context: inout AnalysisContext) -> Outcome {
        requests.removeAll()
        fromFirst.restart()
        fromSecond.restart()
        return replay(in: packet, &context)
    }
}
