import TapCore
import TapWebSocket

extension Conversation {
    /// A conversation that has switched to WebSocket.
    package static func upgraded() -> Conversation { upgraded(HandshakeBytes()) }

    /// The same, with a handshake of its own, perhaps from another port of the client.
    package static func upgraded(
        from port: UInt16 = 49_152, clientISN: UInt32 = 1_000, _ handshake: HandshakeBytes
    ) -> Conversation {
        var conversation = Conversation(client: Endpoint("192.0.2.1", port), clientISN: clientISN)
        conversation.upgrade(handshake)
        return conversation
    }

    /// Opens the connection and switches it to WebSocket.
    package mutating func upgrade(_ handshake: HandshakeBytes = HandshakeBytes()) {
        self.handshake()
        send(handshake.request.bytes, from: .client)
        send(handshake.response.bytes, from: .server)
    }

    /// A conversation that has agreed on extensions.
    package static func upgraded(extensions: String) -> Conversation {
        upgraded(HandshakeBytes(extensions: extensions, chosenExtensions: extensions))
    }

    /// A conversation whose TCP handshake is done.
    package static var opened: Conversation {
        var conversation = Conversation()
        conversation.handshake()
        return conversation
    }

    /// How many packets ``upgraded(_:)`` takes: three, then two with each head.
    package static let upgradedPackets = 7

    /// Sends a frame, masked where the client sends it.
    package mutating func send(_ frame: FrameBytes, from sender: Sender, segmentSize: Int = 1_460) {
        // Each frame has a masking key of its own, as the RFC wants it.
        let key = 0x37FA_213D &+ UInt32(truncatingIfNeeded: segments.count) &* 0x9E37_79B9
        let masked = sender == .client && frame.maskingKey == nil ? frame.with { $0.maskingKey = key } : frame
        send(masked.sent(by: sender).bytes, from: sender, segmentSize: segmentSize)
    }

    package mutating func send(text: String, from sender: Sender) { send(FrameBytes(text: text), from: sender) }

    /// Closes as RFC 6455 §7.1.2 has it: two close frames, then the server's FIN first.
    package mutating func close(by sender: Sender, _ code: UInt16 = 1000, _ reason: String = "") {
        send(FrameBytes(closing: code, reason), from: sender)
        send(FrameBytes(closing: code), from: sender.peer)
        finish(.server)
        finish(.client)
    }
}

extension FrameBytes {
    /// The frame as the rules demand it of a sender.
    package func sent(by sender: Sender) -> FrameBytes {
        var frame = self
        frame.maskingKey = sender == .client ? maskingKey ?? 0x37FA_213D : nil
        return frame
    }

    package func with(_ change: (inout FrameBytes) -> Void) -> FrameBytes {
        var frame = self
        change(&frame)
        return frame
    }

    /// The frame without FIN.
    package var unfinished: FrameBytes { with { $0.isFinal = false } }

    /// The frame with RSV1, as the first of a compressed message has it. RFC 7692 §6.
    package var compressed: FrameBytes { with { $0.reservedBits |= 4 } }
}
