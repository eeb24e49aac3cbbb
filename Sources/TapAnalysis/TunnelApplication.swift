import TapSubprotocols
import TapWebSocket

/// What is known of the protocol inside the messages of a connection.
struct TunnelApplication {
    /// Connections that are alike share one.
    let start: ApplicationStart
    /// There from the first message on.
    @Rare var conversation: ApplicationConversation?
    /// Whether it was told that more was said than is kept.
    var isLimitTold = false

    init(_ start: ApplicationStart) { self.start = start }

    /// Prepares for the first message.
    mutating func open(_ options: AnalysisOptions) { conversation = start.conversation(options) }

    /// Reads a message, and returns what it holds, and which protocol it was recognised to be of.
    mutating func receive(
        _ payload: [UInt8], _ message: ApplicationMessage, _ room: inout ApplicationRoom
    ) -> (ApplicationOutput, Recognition?) {
        var output = ApplicationOutput()
        let recognition = conversation?.receive(payload, message, room: &room, into: &output) ?? nil
        return (output, recognition)
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
