import TapCore
import TapTestSupport
import TapWebSocket

/// Connections of HTTP/2 through the whole analysis: where segments end never changes what is observed of their streams.
///
/// The input is how the connection begins, where segments end, and what happens on it; see ``HTTP2Script``.
enum StreamTarget {
    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        let begins = input.byte() & 3 != 3
        let size = 1 + Int(input.byte())
        let steps = HTTP2Script.steps(of: &input, begins: begins)
        let isWhole = !steps.contains { if case .missing = $0 { true } else { false } }
        let observed = [mostOfSegment, size].map { SeenConnection(conversation(steps, segmentSize: $0)) }
        guard begins, isWhole, !observed.contains(where: { $0.hasLostSync || !$0.areHandshakesKnown }) else { return }
        let difference = observed[0].difference(from: observed[1])
        Property.hold(difference == nil, "where segments end makes no difference: \(difference ?? "")")
    }

    /// What an IP packet has room for.
    private static let mostOfSegment = 60_000

    private static func conversation(_ steps: [HTTP2Script.Step], segmentSize: Int) -> Conversation {
        var conversation = Conversation.opened
        for step in steps {
            switch step {
            case .bytes(let direction, let bytes):
                conversation.send(bytes, from: sender(direction), segmentSize: segmentSize)
            case .missing(let direction, let count):
                conversation.send(
                    [UInt8](repeating: 0, count: min(count, mostOfSegment)), from: sender(direction),
                    segmentSize: mostOfSegment, isAcknowledged: false)
                conversation.segments.removeLast()
                conversation.acknowledge(from: sender(direction).peer)
            case .end(let direction): conversation.finish(sender(direction))
            }
        }
        return conversation
    }

    private static func sender(_ direction: Direction) -> Sender { direction == .fromFirst ? .client : .server }
}
