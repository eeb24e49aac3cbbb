import TapTestSupport
import TapWebSocket

/// A capture with many frames, of which one holds the needle.
enum BusyCapture {
    /// Several conversations that take turns, with so many frames in all.
    static func packets(frames: Int, connections: Int) -> [CapturedPacket] {
        var all: [ScriptedSegment] = []
        var conversations = (0..<connections).map { number in
            Conversation.upgraded(from: UInt16(50_000 + number), clientISN: 1_000, HandshakeBytes())
        }
        for number in 0..<frames {
            let sender: Sender = number % 3 == 0 ? .client : .server
            let text = number == frames / 2 ? "the needle" : #"{"id":\#(number),"text":"something in a hay stack"}"#
            conversations[number % connections].send(FrameBytes(text: text), from: sender)
        }
        for conversation in conversations { all += conversation.segments }
        return all.packets()
    }
}
