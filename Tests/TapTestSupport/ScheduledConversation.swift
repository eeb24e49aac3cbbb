import TapCore
import TapWebSocket

/// A conversation whose segments go at stated times, so that what several say at once can be captured together.
package struct ScheduledConversation: Sendable {
    package private(set) var conversation: Conversation
    private let start: Int64

    /// - Parameter start: when its times count from, in milliseconds.
    package init(from client: Endpoint, to server: Endpoint, isn: UInt32 = 1_000, start: Int64 = 0) {
        conversation = Conversation(client: client, server: server, clientISN: isn)
        self.start = start
    }

    /// Does something at a time, in milliseconds; its segments go a microsecond apart.
    package mutating func at(_ time: Int64, _ action: (inout Conversation) -> Void) {
        let count = conversation.segments.count
        action(&conversation)
        for index in count..<conversation.segments.count {
            conversation.segments[index].nanoseconds =
                1_700_000_000_000_000_000 + (start + time) * 1_000_000 + Int64(index - count) * 1_000
        }
    }

    /// Opens it and switches to WebSocket under a key of its own.
    package mutating func open(at time: Int64, key number: UInt8, answeredAfter latency: Int64 = 0) {
        let key = HandshakeBytes.key((0..<16).map { number &+ $0 &* 7 })
        let handshake = HandshakeBytes(key: key)
        let (request, response) = (handshake.request.bytes, handshake.response.bytes)
        at(time) {
            $0.handshake()
            $0.send(request, from: .client)
        }
        at(time + latency) { $0.send(response, from: .server) }
    }

    package mutating func say(_ text: String, from sender: Sender, at time: Int64, maskingKey: UInt32? = nil) {
        at(time) { $0.send(FrameBytes(text: text, maskingKey: maskingKey), from: sender) }
    }
}

extension [ScheduledConversation] {
    /// The packets of all in the order of time.
    package var packets: [CapturedPacket] {
        let all = flatMap { $0.conversation.segments.packets() }
        let sorted = all.enumerated().sorted {
            ($0.element.header.timestamp, $0.offset) < ($1.element.header.timestamp, $1.offset)
        }
        return sorted.enumerated().map { index, packet in
            var packet = packet.element
            packet.header.number = PacketNumber(UInt64(index + 1))
            return packet
        }
    }
}
