import TapTestSupport
import TapWebSocket

/// Sends what a case of the Autobahn test suite says, and lets the peer answer as the suite expects it to.
struct Fuzzer {
    private let sender: Sender
    private(set) var conversation = Conversation.upgraded()
    /// What the peer sends when the case is over.
    private var answers: [FrameBytes] = []
    /// Bytes of one segment; frames are cut where it is smaller.
    var chop = 1_460

    init(_ sender: Sender) { self.sender = sender }

    mutating func send(_ frame: FrameBytes) { conversation.send(frame, from: sender, segmentSize: chop) }

    /// Sends a frame whose segments end at these places of its payload.
    mutating func send(_ frame: FrameBytes, choppedAt places: [Int]) {
        let whole = frame.sent(by: sender)
        for piece in CutVerifier.pieces(of: whole.bytes, cutAt: places.map { $0 + whole.header.count }) {
            conversation.send(piece, from: sender)
        }
    }

    /// Sends frames without regard to where segments end, so that one may hold several frames.
    mutating func sendTogether(_ frames: [FrameBytes]) {
        let key: UInt32 = 0x1357_9BDF
        let bytes = frames.enumerated().flatMap { index, frame in
            (sender == .client ? frame.with { $0.maskingKey = key &+ UInt32(index) } : frame).bytes
        }
        conversation.send(bytes, from: sender, segmentSize: chop)
    }

    /// A whole message in one frame, which the peer echoes.
    mutating func message(_ opcode: Opcode, _ payload: [UInt8]) {
        send(FrameBytes(opcode, payload))
        answers.append(FrameBytes(opcode, payload))
    }

    mutating func text(_ text: String) { message(.text, Array(text.utf8)) }

    mutating func ping(_ payload: [UInt8] = []) {
        send(FrameBytes(.ping, payload))
        answers.append(FrameBytes(.pong, payload))
    }

    /// A fragment of a message, the last one or not.
    mutating func fragment(_ opcode: Opcode, _ payload: [UInt8], isLast: Bool = false) {
        let frame = FrameBytes(opcode, payload)
        send(isLast ? frame : frame.unfinished)
    }

    mutating func fragment(_ opcode: Opcode, _ text: String, isLast: Bool = false) {
        fragment(opcode, Array(text.utf8), isLast: isLast)
    }

    mutating func fragments(_ opcode: Opcode, _ payloads: [[UInt8]]) {
        for (index, payload) in payloads.enumerated() {
            fragment(index == 0 ? opcode : .continuation, payload, isLast: index == payloads.count - 1)
        }
    }

    mutating func close(_ code: UInt16 = 1000, _ reason: String = "") { send(FrameBytes(closing: code, reason)) }

    /// The peer answers a message at once.
    mutating func echo(_ frame: FrameBytes) { conversation.send(frame, from: sender.peer) }

    mutating func end(_ end: AutobahnCase.End) {
        let (first, code): (Sender, UInt16)
        switch end {
        case .passed:
            for answer in answers { echo(answer) }
            (first, code) = (sender, 1000)
        case .failed(let failure):
            (first, code) = (sender.peer, failure)
        case .closed:
            conversation.send(FrameBytes(closing: 1000), from: sender.peer)
            conversation.finish(.server)
            return conversation.finish(.client)
        }
        conversation.send(FrameBytes(closing: code), from: first)
        conversation.send(FrameBytes(closing: code), from: first.peer)
        conversation.finish(.server)
        conversation.finish(.client)
    }
}
