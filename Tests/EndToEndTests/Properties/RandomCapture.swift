import TapPackets
import TapTestSupport
import TapWebSocket

/// A few conversations at once that follow the rules, made up from a seed.
struct RandomCapture {
    /// Numbered by the port of their clients, which stays the same whatever comes first in the capture.
    private(set) var dialogues: [Dialogue] = []
    /// The segments of all of them, by turns as chance has it.
    private(set) var segments: [ScriptedSegment] = []

    init(_ generator: inout SeededGenerator) {
        for port in 1...UInt16.random(in: 1...3, using: &generator) {
            dialogues.append(.random(port: 40_000 + port, &generator))
        }
        var rest = dialogues.map { $0.segments[...] }
        while let index = rest.indices.filter({ !rest[$0].isEmpty }).randomElement(using: &generator) {
            let burst = rest[index].prefix(Int.random(in: 1...4, using: &generator))
            segments += burst
            rest[index].removeFirst(burst.count)
        }
    }

    /// Every frame, in the order of each direction.
    var frames: [String] { Decoded.byDirection(dialogues.flatMap(\.frames)) }
}

extension Dialogue {
    fileprivate static func random(port: UInt16, _ generator: inout SeededGenerator) -> Dialogue {
        let isIPv6 = generator.oneIn(4)
        // Numbers that pass the end of the circle within the conversation are as likely as any others.
        let initial = (0..<2).map { _ in
            generator.oneIn(2) ? 0 &- UInt32.random(in: 0...3_000, using: &generator) : UInt32(generator.next() >> 32)
        }
        var conversation = Conversation(
            client: Endpoint(isIPv6 ? "2001:db8::7" : "192.0.2.7", port),
            server: Endpoint(isIPv6 ? "2001:db8::8" : "198.51.100.8", 80), clientISN: initial[0], serverISN: initial[1])
        conversation.upgrade(HandshakeBytes(target: "/\(port)", key: HandshakeBytes.key(generator.bytes(16))))
        var dialogue = Dialogue(conversation, connection: Int(port))
        for _ in 0..<Int.random(in: 1...12, using: &generator) { dialogue.sendRandom(&generator) }
        dialogue.close()
        return dialogue
    }

    private mutating func sendRandom(_ generator: inout SeededGenerator) {
        let sender: Sender = generator.oneIn(2) ? .client : .server
        let size = Int.random(in: 20...1_460, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: send(FrameBytes(.ping, generator.bytes(generator.length(upTo: 125))), from: sender, segmentSize: size)
        case 1:
            let count = Int.random(in: 2...4, using: &generator)
            for index in 0..<count {
                var frame = FrameBytes(
                    index == 0 ? .binary : .continuation, generator.bytes(generator.length(upTo: 500)))
                frame.isFinal = index == count - 1
                send(frame, from: sender, segmentSize: size)
            }
        case 2:
            send(FrameBytes(.binary, generator.bytes(generator.length(upTo: 9_000))), from: sender, segmentSize: size)
        case _:
            let words = ["hello", "naïve", "谢谢", "☕", "{\"id\": 7}"]
            let text = (0...generator.length(upTo: 60)).compactMap { _ in words.randomElement(using: &generator) }
            send(FrameBytes(text: text.joined(separator: " ")), from: sender, segmentSize: size)
        }
    }
}
