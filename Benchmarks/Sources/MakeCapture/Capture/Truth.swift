/// What a capture holds, counted while it is made.
///
/// Retransmitted segments count as packets, but the frames in them count once.
struct Truth {
    private(set) var connections = 0
    private(set) var handshakes = 0
    private(set) var framesBySide = PerSide(client: 0, server: 0)
    private(set) var payloadBytes = 0
    private(set) var messageBytes = 0
    private(set) var framesByOpcode: [Opcode: Int] = [:]
    private(set) var calls = 0
    private(set) var answers = 0

    mutating func countConnection() { connections += 1 }

    mutating func countHandshake() { handshakes += 1 }

    /// Counts a message that wants an answer.
    mutating func countCall() { calls += 1 }

    mutating func countAnswer() { answers += 1 }

    /// Counts a frame; `messageLength` is what its payload inflates to.
    mutating func countFrame(_ opcode: Opcode, from side: Side, payloadLength: Int, messageLength: Int) {
        framesBySide[side] += 1
        framesByOpcode[opcode, default: 0] += 1
        payloadBytes += payloadLength
        if !opcode.isControl { messageBytes += messageLength }
    }

    /// The counts as a JSON object, with those of the file they belong to.
    func json(packets: Int, capturedBytes: Int) -> String {
        let count = { (opcode: Opcode) in framesByOpcode[opcode, default: 0] }
        let members: [(name: String, value: Int)] = [
            ("packets", packets),
            ("bytes", capturedBytes),
            ("connections", connections),
            ("handshakes", handshakes),
            ("frames", framesBySide.client + framesBySide.server),
            ("frames_from_client", framesBySide.client),
            ("frames_from_server", framesBySide.server),
            ("payload_bytes", payloadBytes),
            ("text", count(.text)),
            ("binary", count(.binary)),
            ("ping", count(.ping)),
            ("pong", count(.pong)),
            ("close", count(.close)),
            ("messages", count(.text) + count(.binary)),
            ("message_bytes", messageBytes),
            ("calls", calls),
            ("answers", answers),
        ]
        return "{" + members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}\n"
    }
}
