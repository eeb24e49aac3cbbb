import TapCore
import TapSubprotocols
import TapWebSocket

/// What is known of the protocol inside the messages of a connection.
struct TunnelApplication {
    /// Connections that are alike share one.
    let start: ApplicationStart
    /// There from the first message on: none or one, in memory of its own.
    private var conversation: [ApplicationConversation] = []
    /// Of whom something is missing that came before the first message.
    private var unknownStart: Sides
    /// Whether it was told that more was said than is kept.
    var isLimitTold = false

    /// - Parameter unknownStart: who may have said something before that the capture does not have.
    init(_ start: ApplicationStart, unknownStart: Sides) {
        self.start = start
        self.unknownStart = unknownStart
    }

    /// Whether anything was said yet.
    var isBegun: Bool { !conversation.isEmpty }

    var recognition: Recognition? { conversation.first?.recognition }

    /// Reads a message, and returns which protocol it was recognised to be of, once that is known.
    mutating func receive(
        _ payload: [UInt8], _ message: ApplicationMessage, into output: inout ApplicationOutput,
        _ context: inout AnalysisContext
    ) -> Recognition? {
        if conversation.isEmpty {
            conversation.append(start.conversation(context.options))
            for sender in Sender.allCases where unknownStart.contains(sender) { lose(sender, &context) }
        }
        return conversation[0].receive(payload, message, room: &context.applicationRoom, into: &output)
    }

    /// Something that a peer sent is not in the capture, or cannot be read.
    mutating func lose(_ sender: Sender, _ context: inout AnalysisContext) {
        guard isBegun else {
            unknownStart.insert(Sides(sender))
            return
        }
        conversation[0].lose(sender, room: &context.applicationRoom)
    }

    /// From now on nobody owes an answer.
    mutating func beginClosing(at time: Timestamp) {
        guard isBegun else { return }
        conversation[0].beginClosing(at: time)
    }

    /// The connection is over; returns the requests that had no answer.
    mutating func finish(
        at time: Timestamp, isClosed: Bool, into output: inout ApplicationOutput, _ context: inout AnalysisContext
    ) -> [PendingApplicationRequest] {
        guard isBegun else { return [] }
        return conversation[0].finish(
            at: time, isClosed: isClosed, room: &context.applicationRoom, into: &output)
    }
}

/// What is known of it before the first message.
final class ApplicationStart: Sendable {
    let subprotocol: String?
    let target: String

    init(subprotocol: String?, target: String) {
        self.subprotocol = subprotocol
        self.target = target
    }

    /// The conversation of a connection, which nothing was said in yet.
    func conversation(_ options: AnalysisOptions) -> ApplicationConversation {
        var limits = options.decoding.limits
        limits.openRequestsInAll /= options.parts
        return ApplicationConversation(
            ApplicationContext(
                subprotocol: subprotocol, target: target, chosen: options.decoding.choice(for: target),
                binaryForm: options.decoding.binaryForm),
            limits: limits)
    }
}
