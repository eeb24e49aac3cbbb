import TapCore
import TapHTTP

/// A refusal of which the body is awaited, which mostly says why.
struct PendingRefusal {
    let attempt: UpgradeAttempt
    let client: Direction
    let head: HTTPHead
    let framing: HTTPBodyFraming
    /// The body's beginning, as it is on the wire.
    private(set) var bytes: [UInt8] = []
    /// Whether bytes behind that are missing.
    private var isCut = false
    /// Whether the server has said that nothing follows.
    private var isEnded = false

    /// In chunks and inflated, they make as much as is kept.
    private static let wireLimit = 4 * ResponseBody.limit

    init(_ attempt: UpgradeAttempt, from client: Direction, _ head: HTTPHead, _ framing: HTTPBodyFraming) {
        self.attempt = attempt
        self.client = client
        self.head = head
        self.framing = framing
    }

    /// Whether no more is needed.
    var isEnough: Bool { isCut || bytes.count == PendingRefusal.wireLimit }

    /// What it costs to keep.
    var cost: Int { attempt.cost + head.cost + bytes.count }

    mutating func append(_ more: RawSpan) {
        guard !isEnough else { return }
        let count = min(more.byteCount, PendingRefusal.wireLimit - bytes.count)
        bytes.reserveCapacity(bytes.count + count)
        for offset in 0..<count { bytes.append(more.uint8(at: offset)) }
    }

    mutating func noteGap() { isCut = true }

    mutating func noteEnd(_ end: DirectionEnd) { isEnded = end.reason == .finished && end.isCaptured }

    var body: ResponseBody? { ResponseBody(bytes, of: head, framing, isCut: isCut || !isEnded) }
}

/// Refusals, told with the beginning of their bodies.
extension HTTPConversation {
    /// Tells of a refusal, once its body is there.
    mutating func refuse(
        _ attempt: UpgradeAttempt, from client: Direction, _ head: HTTPHead, _ framing: HTTPBodyFraming,
        _ context: inout AnalysisContext
    ) {
        guard framing != .none, context.options.observesConnections else {
            return report(attempt, from: client, .refused(head), &context)
        }
        reportRefusal(&context)
        refusal = PendingRefusal(attempt, from: client, head, framing)
    }

    /// Takes what was read behind the head of a refusal.
    /// - Parameter isOver: whether the body ends with it.
    mutating func noteBody(_ bytes: RawSpan, isOver: Bool, _ direction: Direction, _ context: inout AnalysisContext) {
        guard refusal?.client == direction.opposite else { return }
        refusal?.append(bytes)
        if isOver || refusal?.isEnough ?? false { reportRefusal(&context) }
    }

    /// Bytes of the body are missing.
    mutating func missBody(_ direction: Direction) {
        if refusal?.client == direction.opposite { refusal?.noteGap() }
    }

    /// The body may last until the connection ends.
    mutating func endBody(_ end: DirectionEnd, _ direction: Direction) {
        if refusal?.client == direction.opposite { refusal?.noteEnd(end) }
    }

    /// Tells of the refusal that waits for its body.
    mutating func reportRefusal(_ context: inout AnalysisContext) {
        guard $refusal, let waiting = refusal else { return }
        refusal = nil
        let judge = HandshakeJudge(
            flow: flow, roundTrip: roundTrip, client: waiting.client, connection: waiting.attempt.connection,
            proxy: proxy)
        var handshake = judge.judge(waiting.attempt.request, failedWith: .refused(waiting.head))
        handshake.responseBody = waiting.body
        context.report(handshake, of: flow, process)
    }
}
