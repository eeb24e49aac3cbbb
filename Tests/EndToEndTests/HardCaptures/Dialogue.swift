import TapCore
import TapTestSupport
import TapWebSocket

/// A WebSocket conversation with the frames that it must give, each as one line.
struct Dialogue: Sendable {
    /// The connection's number in the capture, counted from 1.
    let connection: Int
    var conversation: Conversation
    private(set) var frames: [String] = []

    init(_ conversation: Conversation, connection: Int = 1) {
        self.conversation = conversation
        self.connection = connection
    }

    var segments: [ScriptedSegment] { conversation.segments }

    /// A handshake, three messages each way, of which the longest takes several segments, and the end.
    static func whole(connection: Int = 1, port: UInt16 = 49_152, clientISN: UInt32 = 1_000) -> Dialogue {
        whole(.upgraded(from: port, clientISN: clientISN, HandshakeBytes()), connection: connection)
    }

    /// The same in a conversation that has switched to WebSocket.
    static func whole(_ conversation: Conversation, connection: Int = 1) -> Dialogue {
        var dialogue = Dialogue(conversation, connection: connection)
        dialogue.talk()
        dialogue.close()
        return dialogue
    }

    /// Three messages each way.
    mutating func talk() {
        send(FrameBytes(text: "hello \(connection)"), from: .client)
        send(FrameBytes(text: "welcome \(connection)"), from: .server)
        send(FrameBytes(.binary, SeededGenerator.bytes(3_000, seed: connection)), from: .client)
        send(FrameBytes(.ping, [1, 2, 3]), from: .server)
        send(FrameBytes(.pong, [1, 2, 3]), from: .client)
        send(FrameBytes(text: String(repeating: "naïve ", count: 600)), from: .server)
    }

    mutating func send(_ frame: FrameBytes, from sender: Sender, segmentSize: Int = 1_460) {
        conversation.send(frame, from: sender, segmentSize: segmentSize)
        note(frame, from: sender)
    }

    /// States that a frame must come, however it is sent.
    mutating func note(_ frame: FrameBytes, from sender: Sender) {
        frames.append(Dialogue.line(connection, frame, from: sender))
    }

    mutating func close() {
        conversation.close(by: .client, 1000, "bye")
        note(FrameBytes(closing: 1000, "bye"), from: .client)
        note(FrameBytes(closing: 1000), from: .server)
    }

    static func line(_ connection: Int, _ frame: FrameBytes, from sender: Sender) -> String {
        line(connection, sender, Opcode(rawValue: frame.opcode), frame.payload)
    }

    /// `1 client text hello`; long or binary payloads are told by their length and a checksum.
    static func line(_ connection: Int, _ sender: Sender, _ opcode: Opcode, _ payload: [UInt8]) -> String {
        let isPrintable = payload.count <= 40 && payload.allSatisfy { (0x20..<0x7F).contains($0) }
        let shown =
            isPrintable
            ? String(decoding: payload, as: UTF8.self)
            : "\(payload.count) bytes \(payload.reduce(UInt32(1)) { ($0 &* 31) &+ UInt32($1) })"
        return "\(connection) \(sender.rawValue) \(opcode) \(shown)"
    }
}

extension [ScriptedSegment] {
    /// The segments of several conversations in turns.
    static func interleaved(_ conversations: [[ScriptedSegment]]) -> [ScriptedSegment] {
        let longest = conversations.map(\.count).max() ?? 0
        return (0..<longest).flatMap { index in conversations.compactMap { $0.dropFirst(index).first } }
    }
}
