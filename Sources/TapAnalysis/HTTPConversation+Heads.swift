import TapCore
import TapHTTP
import TapWebSocket

/// Which response answers which request, and what becomes of both.
extension HTTPConversation {
    /// More than so many responses before their requests are no matter of order.
    private static let mostEarly = 4

    mutating func receive(
        _ head: HTTPHead, _ direction: Direction, isPeerBehind: Bool, in packet: PacketHeader,
        _ context: inout AnalysisContext
    ) -> Outcome {
        switch head.startLine {
        case .request(let method, _, _): receiveRequest(head, method, direction, in: packet, &context)
        case .response(_, let status, _):
            receiveResponse(head, status, direction, isPeerBehind: isPeerBehind, in: packet, &context)
        }
    }

    private mutating func receiveRequest(
        _ head: HTTPHead, _ method: String, _ direction: Direction, in packet: PacketHeader,
        _ context: inout AnalysisContext
    ) -> Outcome {
        self[direction].expectBody(head.requestBody)
        guard requests.count < context.options.pipelineLimit else { return giveUp(in: packet, &context) }
        if let response = takeEarly() {
            if method == "CONNECT", case .response(_, 200..<300, _) = response.startLine {
                return enterTunnel(in: packet, &context)
            }
            guard HandshakeCheck.isAttempt(head) else { return .goingOn }
            let attempt = UpgradeAttempt(connection: name(&context), request: head)
            report(attempt, from: direction, .refused(response), &context)
            return .goingOn
        }
        guard HandshakeCheck.isAttempt(head), waitingAttempt() == nil else {
            var request = PendingRequest(method: method, client: direction, attempt: nil)
            request.http2Settings = HTTPConversation.http2Settings(of: head)
            requests.append(request)
            if request.mayLeaveHTTP, head.requestBody == .none { hold(direction) }
            return .goingOn
        }
        let attempt = UpgradeAttempt(connection: name(&context), request: head)
        var request = PendingRequest(method: method, client: direction, attempt: attempt)
        request.http2Settings = HTTPConversation.http2Settings(of: head)
        requests.append(request)
        if case .awaitingRequest(let response, let server, _) = state, server != direction {
            return upgrade(requests.last, response, client: direction, &context)
        }
        if head.requestBody == .none { hold(direction) }
        return .goingOn
    }

    /// The oldest of the responses that wait for their requests.
    private mutating func takeEarly() -> HTTPHead? {
        switch state {
        case .exchanging(var early):
            guard !early.isEmpty else { return nil }
            let first = early.removeFirst()
            state = .exchanging(early: early)
            return first
        case .awaitingRequest(let response, let server, var early):
            guard !early.isEmpty else { return nil }
            let first = early.removeFirst()
            state = .awaitingRequest(response, server: server, early: early)
            return first
        case .awaitingAnswer, .awaitingFrames: return nil
        }
    }

    private mutating func receiveResponse(
        _ head: HTTPHead, _ status: Int, _ direction: Direction, isPeerBehind: Bool, in packet: PacketHeader,
        _ context: inout AnalysisContext
    ) -> Outcome {
        if status == 101 { return receiveSwitch(head, direction, isPeerBehind: isPeerBehind, in: packet, &context) }
        guard status >= 200 else {
            self[direction].expectBody(.none)
            return .goingOn
        }
        if !isPeerBehind { _ = adoptCutRequest(answeredBy: direction, in: packet, &context, if: \.namesWebSocket) }
        if mayHaveLost {
            let outcome = passOverLost(before: SwitchHead(head), from: direction, in: packet, &context)
            guard case .goingOn = outcome else { return outcome }
        }
        if isAnswerLost(before: SwitchHead(head), from: direction) { return giveUpLost(&context) }
        // Who sent the request cannot answer it.
        let isAnswer = requests.first.map { $0.client != direction } ?? false
        if requests.isEmpty, isPeerBehind, case .exchanging(let early) = state,
            early.count < HTTPConversation.mostEarly
        {
            state = .exchanging(early: early + [head])
        }
        let request = isAnswer ? requests.removeFirst() : nil
        if let request, request.isTunnel, status < 300 { return enterTunnel(in: packet, &context) }
        let body = head.responseBody(toMethod: request?.method ?? "GET")
        self[direction].expectBody(body)
        guard let request, request.mayLeaveHTTP else { return .goingOn }
        if let attempt = request.attempt { refuse(attempt, from: request.client, head, body, &context) }
        held.remove(direction)
        return replay(in: packet, &context)
    }

    /// A 101. RFC 9110 §15.2.2.
    private mutating func receiveSwitch(
        _ head: HTTPHead, _ direction: Direction, isPeerBehind: Bool, in packet: PacketHeader,
        _ context: inout AnalysisContext
    ) -> Outcome {
        let fields = head.fields
        if let outcome = switchToHTTP2(head, direction, &context) { return outcome }
        let isWebSocket = fields.list(.upgrade, contains: "websocket")
        if isWebSocket, !isPeerBehind {
            _ = adoptCutRequest(answeredBy: direction, in: packet, &context) { _ in true }
        }
        if isPeerBehind || mayHaveLost {
            let outcome = passOverLost(before: SwitchHead(head), from: direction, in: packet, &context)
            guard case .goingOn = outcome else { return outcome }
            if answersLost(SwitchHead(head), from: direction, isPeerBehind: isPeerBehind) {
                return upgradeLost(SwitchHead(head), client: direction.opposite, &context)
            }
        }
        let others = isWebSocket ? [] : fields.list(.upgrade)
        if let waiting = requests.first(where: \.mayUpgrade), requests.last?.client != direction {
            if let attempt = waiting.attempt {
                let offers = attempt.request.fields
                guard !others.contains(where: { offers.list("Upgrade", contains: $0) }) else {
                    // The client offered another protocol as well, and the server took that.
                    report(attempt, from: direction.opposite, .refused(head), &context)
                    return .ignored
                }
            }
            if waiting.attempt != nil || isWebSocket {
                return upgrade(waiting, SwitchHead(head), client: direction.opposite, &context)
            }
        }
        let isRequestLost = self[direction.opposite].isSeeking || self[direction.opposite].isInCutHead
        guard isWebSocket, requests.isEmpty || isRequestLost else { return .ignored }
        requests.removeAll()
        wait(forRequestOf: SwitchHead(head), from: direction)
        return .goingOn
    }

    /// The request of a 101 may only be late in the capture.
    mutating func wait(forRequestOf response: SwitchHead, from server: Direction) {
        var waiting: [HTTPHead] = []
        if case .exchanging(let early) = state { waiting = early }
        state = .awaitingRequest(response, server: server, early: waiting)
    }

    /// Whether anything came after the request that waits, or is missing: nearly always nothing did.
    private var mayHaveLost: Bool { !held.pieces.isEmpty }

    /// Passes over requests that a response does not answer: those whose own answers are what is missing before it.
    mutating func passOverLost(
        before response: SwitchHead, from server: Direction, in packet: PacketHeader, _ context: inout AnalysisContext
    ) -> Outcome {
        guard !held.isEmpty else { return .goingOn }
        var lost = holes(before: response, from: server)
        let accept = response.head?.fields.onlyBytes(.webSocketAccept)
        while accept != nil || lost > 0, isForLater(accept, from: server) {
            lost -= 1
            let outcome = passOver(in: packet, &context)
            guard case .goingOn = outcome else { return outcome }
        }
        return .goingOn
    }

    /// Missing bytes that the response itself does not account for: at least one answer each.
    private func holes(before response: SwitchHead, from server: Direction) -> Int {
        held.headHoles(server) - (response.gap.map { $0.captured > 0 && $0.missing > 0 ? 1 : 0 } ?? 0)
    }

    /// Whether the answer is among what is missing before a response: who waits for it has sent frames since.
    func isAnswerLost(before response: SwitchHead, from server: Direction) -> Bool {
        guard case .awaitingAnswer(let client, _) = state, client != server else { return false }
        return holes(before: response, from: server) > 0 && sendsFrames(client)
    }

    /// What the server answered is not known, nor what follows.
    mutating func giveUpLost(_ context: inout AnalysisContext) -> Outcome {
        if case .awaitingAnswer(let client, _) = state, let attempt = waitingAttempt() {
            report(attempt, from: client, .unknown, &context)
        }
        requests.removeAll()
        return .ignored
    }

    /// Whether a response may answer a later request than the first that waits; where it has an accept value, whether that
    /// fits a later one's key alone.
    private func isForLater(_ accept: ArraySlice<UInt8>?, from server: Direction) -> Bool {
        guard case .awaitingAnswer(let client, _) = state, client != server,
            let attempt = requests.first(where: \.mayUpgrade)?.attempt
        else { return false }
        guard let accept else { return !laterRequests(of: client).isEmpty }
        func answers(_ request: HTTPHead) -> Bool {
            request.fields.firstBytes(.webSocketKey).map {
                AcceptKey.isRight(accept.span.bytes, for: $0.span.bytes)
            } ?? false
        }
        return !answers(attempt.request) && laterRequests(of: client).contains { answers($0.head) }
    }

    /// Whether a response has an accept value that does not fit the request that waits, and answers another that may be
    /// among what is missing of the client.
    func answersLost(_ response: SwitchHead, from server: Direction, isPeerBehind: Bool) -> Bool {
        guard case .awaitingAnswer(let client, _) = state, client != server,
            isPeerBehind || held.hasHole(client),
            let key = requests.first(where: \.mayUpgrade)?.attempt?.request.fields.firstBytes(.webSocketKey),
            let accept = response.head?.fields.onlyBytes(.webSocketAccept)
        else { return false }
        return !AcceptKey.isRight(accept.span.bytes, for: key.span.bytes)
    }

    /// What became of the request that waits is not known; another that is lost was answered.
    mutating func upgradeLost(
        _ response: SwitchHead, client: Direction, _ context: inout AnalysisContext
    ) -> Outcome {
        if let attempt = waitingAttempt() { report(attempt, from: client, .unknown, &context) }
        requests.removeAll()
        return upgrade(nil, response, client: client, &context)
    }

    /// Requests among what the client sent after the one that waits, and after how many bytes their heads end.
    func laterRequests(of client: Direction) -> [(head: HTTPHead, end: Int)] {
        let bytes = held.prefix(client, HTTPConversation.laterBytes)
        guard HTTPStream.looksLikeHead(bytes.span.bytes), let packet = held.firstBytes(client) else { return [] }
        var stream = HTTPStream(isStartKnown: true, headLimit: HTTPConversation.laterBytes)
        var offset = 0
        var found: [(HTTPHead, Int)] = []
        while let event = stream.read(bytes.span.bytes, from: &offset, in: packet) {
            switch event {
            case .head(let head):
                guard case .request = head.startLine else { return found }
                stream.expectBody(head.requestBody)
                found.append((head, offset))
            case .bodyFinished: break
            case .cutHead, .lostHead, .strayed, .proxied, .tls, .notHTTP, .headTooLong: return found
            }
        }
        return found
    }

    private static let laterBytes = 16_384

    /// Takes a request that asks for WebSocket out of what is held, where that begins with one: who sends it has had the
    /// answer to those before, though that is lost.
    private mutating func takeLaterRequest(of client: Direction, _ context: inout AnalysisContext) -> PendingRequest? {
        guard let (head, end) = laterRequests(of: client).first, case .request(let method, _, _) = head.startLine,
            HandshakeCheck.isAttempt(head)
        else { return nil }
        held.removeFirst(end, of: client)
        let attempt = UpgradeAttempt(connection: name(&context), request: head)
        return PendingRequest(method: method, client: client, attempt: attempt)
    }

    /// What became of the first request that may upgrade is not known: goes on with what its client sent after it.
    mutating func passOver(in packet: PacketHeader, _ context: inout AnalysisContext) -> Outcome {
        guard let index = requests.firstIndex(where: \.mayUpgrade) else { return .goingOn }
        let waiting = requests[index]
        requests.removeSubrange(...index)
        if let attempt = waiting.attempt { report(attempt, from: waiting.client, .unknown, &context) }
        return replay(in: packet, &context)
    }

    mutating func upgrade(
        _ request: PendingRequest?, _ response: SwitchHead, client: Direction, _ context: inout AnalysisContext
    ) -> Outcome {
        var strayBytes = 0
        if case .awaitingAnswer(_, let count) = state { strayBytes = count }
        var request = request
        while !response.isWhole, let later = takeLaterRequest(of: client, &context) {
            if let attempt = request?.attempt { report(attempt, from: client, .unknown, &context) }
            request = later
        }
        return .upgraded(
            Upgrade(
                connection: request?.attempt?.connection ?? name(&context),
                request: request?.seen ?? .absent, response: response, client: client, held: held, proxy: proxy,
                strayBytes: strayBytes))
    }
}
