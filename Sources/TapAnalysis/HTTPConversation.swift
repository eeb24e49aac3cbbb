import TapBytes
import TapHTTP
import TapPackets
import TapStreams
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
    }

    /// What was wrong with a segment, to be told if this becomes WebSocket.
    struct NotedAnomaly {
        let anomaly: SegmentAnomaly
        let direction: Direction
        let packet: PacketHeader
    }

    let flow: FlowIdentity
    private(set) var anomalies: [NotedAnomaly] = []
    private var fromFirst: HTTPStream
    private var fromSecond: HTTPStream
    var requests: [PendingRequest] = []
    /// What a proxy said of the connection before its first head.
    private(set) var proxy: ProxyHeader?
    /// Responses whose requests are late in the capture, as their acknowledgments show.
    private var early: [HTTPHead] = []
    /// More than so many are no matter of order.
    private static let mostEarly = 4
    /// A 101 whose request was not seen yet, and who sent it.
    private var orphan: HTTPHead?
    private var orphanSender: Direction?
    /// What the client sent after a request that may leave HTTP, or the server after an orphan.
    private var held = HeldBytes()
    private var heldDirection: Direction?
    private var isReplaying = false
    /// How many held bytes of this conversation are counted in the sum over all.
    private(set) var countedBytes = 0
    /// Where the start was not captured: what speaks for WebSocket.
    @Rare var pickUp: PickUp?

    init(flow: FlowIdentity, isStartKnown: Bool, headLimit: Int) {
        self.flow = flow
        fromFirst = HTTPStream(isStartKnown: isStartKnown, headLimit: headLimit)
        fromSecond = HTTPStream(isStartKnown: isStartKnown, headLimit: headLimit)
        if !isStartKnown { pickUp = PickUp() }
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
        while offset < bytes.byteCount {
            if heldDirection == direction {
                // What is being read was held already, and stays so.
                if isReplaying { return .goingOn }
                held.append(bytes.from(offset), direction, in: packet, isPeerBehind: isPeerBehind)
                offset = bytes.byteCount
                return held.cost > context.options.heldUpgradeLimit ? giveUpWaiting(&context) : .goingOn
            }
            if isSeeking(direction), !HTTPStream.looksLikeHead(bytes) {
                if orphan != nil { return giveUpWaiting(&context) }
                offset = bytes.byteCount
                return pickUp(bytes, direction, in: packet, &context)
            }
            switch self[direction].read(bytes, from: &offset, in: packet) {
            case nil:
                return .goingOn
            case .tls:
                context.summary.unread.tlsConnections += 1
                reportUnanswered(&context)
                return .ignored
            case .notHTTP:
                reportUnanswered(&context)
                return .ignored
            case .headTooLong:
                return giveUp(&context)
            case .proxied(let header):
                proxy = header
            case .bodyFinished:
                if let last = requests.last, last.mayLeaveHTTP, last.client == direction { hold(direction) }
            case .head(let head):
                let outcome = receive(head, direction, isPeerBehind: isPeerBehind, &context)
                guard case .goingOn = outcome else { return outcome }
            }
        }
        return .goingOn
    }

    private func isSeeking(_ direction: Direction) -> Bool {
        switch direction {
        case .fromFirst: fromFirst.isSeeking
        case .fromSecond: fromSecond.isSeeking
        }
    }

    /// The short way for most of what other traffic sends: steps over bytes inside a body, and answers whether that was
    /// all there was to do.
    mutating func stepOver(_ bytes: RawSpan, _ direction: Direction) -> Bool {
        guard heldDirection == nil else { return false }
        switch direction {
        case .fromFirst: return fromFirst.stepOver(bytes.byteCount)
        case .fromSecond: return fromSecond.stepOver(bytes.byteCount)
        }
    }

    /// The first ones are enough to tell that something is wrong.
    private static let anomalyLimit = 8

    mutating func note(_ anomaly: SegmentAnomaly, _ direction: Direction, in packet: PacketHeader) {
        guard anomalies.count < HTTPConversation.anomalyLimit else { return }
        anomalies.append(NotedAnomaly(anomaly: anomaly, direction: direction, packet: packet))
    }

    /// Counts what is held anew; answers by how much it grew.
    mutating func recount() -> Int {
        let counted = countedBytes
        countedBytes = heldBytes
        return countedBytes - counted
    }

    /// What this conversation holds in memory of the bytes that came.
    private var heldBytes: Int {
        let waiting = early.reduce((waitingAttempt()?.cost ?? 0) + (orphan?.cost ?? 0)) { $0 + $1.cost }
        return fromFirst.heldBytes + fromSecond.heldBytes + held.cost + waiting + (pickUp?.held.cost ?? 0)
    }

    /// Steps over bytes that are missing from the capture.
    mutating func miss(
        _ count: Int, because reason: GapReason, _ direction: Direction, before packet: PacketHeader
    ) {
        pickUp?.forget(direction)
        // The request that was to come late may be what is missing.
        early.removeAll()
        if heldDirection == direction {
            held.appendHole(count, because: reason, direction, before: packet)
        } else {
            self[direction].skip(count)
        }
    }

    /// No more will come: an upgrade that waits for the other side will not get it.
    mutating func finish(in packet: PacketHeader, _ context: inout AnalysisContext) -> Outcome {
        // Inside a tunnel that is taken for granted there may be another request that waits.
        while orphan != nil || !held.isEmpty {
            let outcome = giveUpWaiting(&context)
            guard case .goingOn = outcome else { return outcome }
        }
        finishLongHeads(in: packet, &context)
        reportUnanswered(&context)
        return .ignored
    }

    /// A limit was reached: what waits is told, and nothing more is looked at.
    mutating func giveUp(_ context: inout AnalysisContext) -> Outcome {
        context.summary.flowsGivenUp += 1
        reportUnanswered(&context)
        return .ignored
    }

    func waitingAttempt() -> UpgradeAttempt? {
        for request in requests { if let attempt = request.attempt { return attempt } }
        return nil
    }

    private mutating func receive(
        _ head: HTTPHead, _ direction: Direction, isPeerBehind: Bool, _ context: inout AnalysisContext
    ) -> Outcome {
        switch head.startLine {
        case .request(let method, _, _): receiveRequest(head, method, direction, &context)
        case .response(_, let status, _):
            receiveResponse(head, status, direction, isPeerBehind: isPeerBehind, &context)
        }
    }

    private mutating func receiveRequest(
        _ head: HTTPHead, _ method: String, _ direction: Direction, _ context: inout AnalysisContext
    ) -> Outcome {
        self[direction].expectBody(head.requestBody)
        guard requests.count < context.options.pipelineLimit else { return giveUp(&context) }
        if let response = early.first {
            early.removeFirst()
            if method == "CONNECT", case .response(_, 200..<300, _) = response.startLine {
                return enterTunnel(&context)
            }
            guard HandshakeCheck.isAttempt(head) else { return .goingOn }
            let attempt = UpgradeAttempt(connection: context.nextConnection(), request: head)
            report(attempt, from: direction, response: response, &context)
            return .goingOn
        }
        guard HandshakeCheck.isAttempt(head), waitingAttempt() == nil else {
            let request = PendingRequest(method: method, client: direction, attempt: nil)
            requests.append(request)
            if request.isTunnel, head.requestBody == .none { hold(direction) }
            return .goingOn
        }
        let attempt = UpgradeAttempt(connection: context.nextConnection(), request: head)
        if let orphan { return upgrade(attempt, response: orphan, client: direction) }
        requests.append(PendingRequest(method: method, client: direction, attempt: attempt))
        if head.requestBody == .none { hold(direction) }
        return .goingOn
    }

    /// What follows a request that may leave HTTP may be the next one, or anything else: the response will tell.
    private mutating func hold(_ direction: Direction) {
        if heldDirection == nil { heldDirection = direction }
    }

    private mutating func receiveResponse(
        _ head: HTTPHead, _ status: Int, _ direction: Direction, isPeerBehind: Bool,
        _ context: inout AnalysisContext
    ) -> Outcome {
        if status == 101 { return receiveSwitch(head, direction, &context) }
        guard status >= 200 else {
            self[direction].expectBody(.none)
            return .goingOn
        }
        // Who sent the request cannot answer it.
        let isAnswer = requests.first.map { $0.client != direction } ?? false
        if requests.isEmpty, isPeerBehind, early.count < HTTPConversation.mostEarly { early.append(head) }
        let request = isAnswer ? requests.removeFirst() : nil
        if let request, request.isTunnel, status < 300 { return enterTunnel(&context) }
        self[direction].expectBody(head.responseBody(toMethod: request?.method ?? "GET"))
        guard let request, request.mayLeaveHTTP else { return .goingOn }
        if let attempt = request.attempt { report(attempt, from: request.client, response: head, &context) }
        return replay(&context)
    }

    /// A 101. RFC 9110 §15.2.2.
    private mutating func receiveSwitch(
        _ head: HTTPHead, _ direction: Direction, _ context: inout AnalysisContext
    ) -> Outcome {
        let fields = head.fields
        let isWebSocket = fields.list(.upgrade, contains: "websocket")
        let others = isWebSocket ? [] : fields.list(.upgrade)
        if let attempt = waitingAttempt(), requests.last?.client != direction {
            let offers = attempt.request.fields
            guard !others.contains(where: { offers.list("Upgrade", contains: $0) }) else {
                // The client offered another protocol as well, and the server took that.
                report(attempt, from: direction.opposite, response: head, &context)
                return .ignored
            }
            return upgrade(attempt, response: head, client: direction.opposite)
        }
        guard isWebSocket, requests.isEmpty else { return .ignored }
        // Its request may only be late in the capture.
        orphan = head
        orphanSender = direction
        heldDirection = direction
        return .goingOn
    }

    private func upgrade(_ attempt: UpgradeAttempt, response: HTTPHead, client: Direction) -> Outcome {
        .upgraded(
            Upgrade(
                connection: attempt.connection, request: attempt.request, response: response, client: client,
                held: held, proxy: proxy))
    }

    /// A proxy's tunnel: a new connection begins inside, of HTTP or of anything. RFC 9110 §9.3.6.
    private mutating func enterTunnel(_ context: inout AnalysisContext) -> Outcome {
        requests.removeAll()
        fromFirst.restart()
        fromSecond.restart()
        return replay(&context)
    }

    /// One side of the handshake will not be seen; the other is enough to know that this is WebSocket.
    private mutating func giveUpWaiting(_ context: inout AnalysisContext) -> Outcome {
        let attempt = waitingAttempt()
        // A proxy whose answer was not captured has most likely opened the tunnel.
        if attempt == nil, orphan == nil, requests.last?.isTunnel ?? false { return enterTunnel(&context) }
        guard let client = attempt == nil ? orphanSender?.opposite : requests.last?.client else { return .ignored }
        return .upgraded(
            Upgrade(
                connection: attempt?.connection ?? context.nextConnection(), request: attempt?.request,
                response: orphan, client: client, held: held, proxy: proxy))
    }

    /// The answer is there: what the client sent after its request is read now, up to the next that must wait.
    private mutating func replay(_ context: inout AnalysisContext) -> Outcome {
        guard !isReplaying, let direction = heldDirection else { return .goingOn }
        heldDirection = nil
        isReplaying = true
        defer { isReplaying = false }
        while heldDirection == nil, let piece = held.pieces.first {
            switch piece.content {
            case .bytes(let bytes):
                var offset = 0
                let outcome = receive(
                    bytes.span.bytes, from: &offset, direction, in: piece.packet, isPeerBehind: piece.isPeerBehind,
                    &context)
                held.removeFirst(offset)
                guard case .goingOn = outcome else { return outcome }
            case .missing(let count, let reason):
                held.removeFirst()
                miss(count, because: reason, direction, before: piece.packet)
            }
        }
        return .goingOn
    }
}
