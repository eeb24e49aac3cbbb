import TapTestSupport
import TapWebSocket

/// Messages: where segments end never changes what is observed of a connection.
///
/// The input is what was agreed on, where segments end, and what the peers send; see ``MessageScript``.
enum MessageTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let (kind, size) = (input.byte(), Int(input.byte()))
        let turns = MessageScript.turns(from: &input)
        let handshake = handshake(kind)
        // Byte by byte, as far as there are not too many to be quick.
        let least = 1 + turns.reduce(0) { $0 + $1.bytes.count } / 1_024
        let observed = [mostOfSegment, least, least + size].map { size in
            SeenConnection(conversation(handshake, turns, segmentSize: size, kind))
        }
        // Frames that are looked for are looked for where segments begin.
        guard !observed.contains(where: \.hasLostSync) else { return }
        for other in observed.dropFirst() {
            let difference = observed[0].difference(from: other)
            Property.hold(difference == nil, "where segments end makes no difference: \(difference ?? "")")
        }
    }

    /// What an IP packet has room for.
    private static let mostOfSegment = 60_000

    private static let extensions = [
        nil, "permessage-deflate", "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=9", "permessage-deflate; client_no_context_takeover", "x-unknown",
        "x-webkit-deflate-frame", "permessage-deflate; server_max_window_bits=77",
    ]

    private static func handshake(_ kind: UInt8) -> HandshakeBytes {
        let agreed = extensions[Int(kind) % extensions.count]
        return HandshakeBytes(extensions: agreed, chosenExtensions: agreed)
    }

    private static func conversation(
        _ handshake: HandshakeBytes, _ turns: [MessageScript.Turn], segmentSize: Int, _ kind: UInt8
    ) -> Conversation {
        var conversation = Conversation()
        conversation.handshake()
        conversation.send(handshake.request.bytes, from: .client)
        conversation.send(handshake.response.bytes, from: .server)
        for turn in turns { conversation.send(turn.bytes, from: turn.sender, segmentSize: segmentSize) }
        if kind & 0x40 != 0 { conversation.finish() }
        if kind & 0x80 != 0 { conversation.reset(from: .server) }
        return conversation
    }
}
