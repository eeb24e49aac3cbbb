import TapCore
import TapHTTP
import TapHTTP2
import TapWebSocket

/// A stream of HTTP/2 before it is known whether it becomes WebSocket: its request waits for a response, or its request is not
/// known and its data will tell.
final class HTTP2Opening {
    let stream: TunnelStream
    /// Given when the request was seen.
    var name: ConnectionName?
    var request: HTTPHead?
    /// One that came before its request was known.
    var response: HTTPHead?
    /// What its heads break of the rules of HTTP/2.
    var violations: [Violation] = []
    /// What came before this was certain, in order.
    var held = HeldBytes()
    /// There where its frames are to tell.
    var pickUp: PickUp?
    /// How much of what is held is counted in the sum over all.
    private(set) var countedBytes = 0
    /// Whether 2xx agrees to what the request asks for. RFC 9113 §8.5, RFC 8441 §4.
    var isExtendedConnect = true
    /// Who reset it.
    var resetBy: Direction?
    /// Peers that may have sent more before a buffered end than the capture has.
    var unseen: Sides = []
    private var missing = InlineArray<2, Int>(repeating: 0)

    init(_ stream: TunnelStream) { self.stream = stream }

    /// Whether a response agrees to a WebSocket, if one was asked for.
    func isAgreed(by response: HTTPHead) -> Bool {
        guard let status = response.status else { return false }
        return status == 101 || 200..<300 ~= status && isExtendedConnect
    }

    /// Whether it is known that a WebSocket was asked for.
    var isAsked: Bool { name != nil }

    /// Whether what follows the heads is held from its first byte.
    var holdsData: Bool { (isAsked || response != nil) && !lacksData }
    private var lacksData = false

    func noteMissing(_ count: Int, _ direction: Direction) { missing[Int(direction.rawValue)] += count }

    /// What is held while the request is sought is bounded; frames can still tell what the stream is.
    func boundHeld(to limit: Int) {
        guard !isAsked, held.cost > limit else { return }
        held = HeldBytes()
        lacksData = true
    }

    func missing(_ direction: Direction) -> Int { missing[Int(direction.rawValue)] }

    /// Looks for frames in what is held and in what comes, since the answer is missing.
    func lookForFrames() {
        var frames = PickUp(mayBeHTTP2: false)
        for piece in held.pieces {
            switch piece.content {
            case .bytes(let bytes): _ = frames.receive(bytes.span.bytes, piece.direction, in: piece.packet)
            case .missing, .missingInHead, .missingEarlier: frames.miss(piece.direction)
            case .late, .ended: break
            }
        }
        pickUp = frames
    }

    /// Counts what is held anew; answers by how much it grew.
    func recount() -> Int {
        let counted = countedBytes
        countedBytes = heldBytes
        return countedBytes - counted
    }

    /// What is held of it in memory.
    var heldBytes: Int { held.cost + (pickUp?.held.cost ?? 0) + (request?.cost ?? 0) + (response?.cost ?? 0) }
}
