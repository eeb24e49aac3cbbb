import TapCore
import TapWebSocket

/// Reads what the two peers of one connection say to each other, message by message.
///
/// Whole messages of both directions go in, in the order of their last bytes. Where something of a direction is missing, the
/// caller says so by ``lose(_:room:)``: nothing is concluded across it. Memory is bounded by ``ApplicationLimits``.
public struct ApplicationConversation: Sendable {
    private var stage: ProtocolStage
    private var log: ConversationLog

    public init(_ context: ApplicationContext, limits: ApplicationLimits = ApplicationLimits()) {
        stage = ProtocolStage(context)
        log = ConversationLog(limits: limits)
    }

    /// Which protocol the connection speaks, as far as is known, and why.
    public var recognition: Recognition? { stage.recognition }

    /// Reads a message, and appends what it holds.
    public mutating func receive(
        _ payload: RawSpan, _ message: ApplicationMessage, room: inout ApplicationRoom,
        into output: inout ApplicationOutput
    ) {
        receive([UInt8](payload), message, room: &room, into: &output)
    }

    /// The same for bytes that lie in an array already. With the first items after it has changed, returns which protocol the
    /// connection speaks.
    @discardableResult
    package mutating func receive(
        _ payload: [UInt8], _ message: ApplicationMessage, room: inout ApplicationRoom,
        into output: inout ApplicationOutput
    ) -> Recognition? {
        work(&room, &output) { stage, log in
            log.begin(message, stage.protocol)
            stage.annotate(payload, &log)
            log.end()
        }
        return output.items.isEmpty ? nil : stage.takeNewRecognition()
    }

    /// Something that a side sent is missing in the capture, or could not be decoded; what comes next begins anew.
    public mutating func lose(_ sender: Sender, room: inout ApplicationRoom) {
        var output = ApplicationOutput()
        work(&room, &output) { stage, log in
            log.lose(sender)
            stage.lose(sender)
        }
    }

    /// A peer has sent a close frame, or ended its stream: from then on nobody owes an answer.
    public mutating func beginClosing(at time: Timestamp) { log.beginClosing(at: time) }

    /// The connection has ended, or the capture of it, and returns the requests that had no answer.
    ///
    /// - Parameter isClosed: whether the capture holds the end of the connection.
    public mutating func finish(
        at time: Timestamp, isClosed: Bool, room: inout ApplicationRoom, into output: inout ApplicationOutput
    ) -> [PendingApplicationRequest] {
        var pending: [PendingApplicationRequest] = []
        work(&room, &output) { stage, log in
            pending = log.finish(at: time, isClosed: isClosed, stage.protocol)
        }
        return pending
    }

    private mutating func work(
        _ room: inout ApplicationRoom, _ output: inout ApplicationOutput,
        _ body: (inout ProtocolStage, inout ConversationLog) -> Void
    ) {
        swap(&log.room, &room)
        swap(&log.output, &output)
        body(&stage, &log)
        swap(&log.room, &room)
        swap(&log.output, &output)
    }
}
