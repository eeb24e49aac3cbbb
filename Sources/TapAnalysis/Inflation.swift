import TapBytes
import TapWebSocket

/// Inflates the compressed messages of one peer. Takes memory only when the first one comes. RFC 7692 §7.2.2.
///
/// A message that does not inflate costs the window that the next ones may refer to. They are tried all the same, with
/// an empty window: then they inflate rightly, because they refer to nothing before it, or not at all.
struct Inflation {
    private let sender: Sender
    private var inflater: Inflater?
    /// Whether every compressed message of this peer since the handshake was inflated.
    private var isContextWhole: Bool
    /// Whether it was told that messages cannot be inflated for want of the window.
    private var isLossTold = false
    /// What the present frame has inflated to, up to the limit, and how long that is in all.
    private var frame: [UInt8] = []
    private var frameLength: UInt64 = 0

    init(_ sender: Sender, isContextWhole: Bool) {
        self.sender = sender
        self.isContextWhole = isContextWhole
    }

    /// Something that was compressed will not be inflated.
    mutating func loseContext() {
        inflater = nil
        isContextWhole = false
        isLossTold = false
    }

    /// Bytes of a compressed message are missing; answers what that means.
    mutating func noteHole() -> Violation {
        loseContext()
        isLossTold = true
        return Violation(.messageNotInflated, "a part of the compressed message is missing from the capture")
    }

    /// Inflates payload as it was sent; answers what is wrong with it.
    mutating func inflate(
        _ bytes: RawSpan, key: UInt32, phase: UInt64, _ message: inout MessageInProgress,
        _ agreed: AgreedExtensions, _ context: inout AnalysisContext
    ) -> Violation? {
        guard let inflater = inflater ?? makeInflater(agreed, context) else {
            return fail(&message, becauseOf: nil, agreed, "there are too many compressed connections (--max-inflaters)")
        }
        self.inflater = inflater
        var room = context.takeInflationRoom()
        Masking.append(bytes, key: key, phase: phase, to: &room.unmasked)
        let violation = inflate(with: inflater, &room, &message, agreed, &context)
        context.inflationRoom = room
        return violation
    }

    private mutating func inflate(
        with inflater: Inflater, _ room: inout InflationRoom, _ message: inout MessageInProgress,
        _ agreed: AgreedExtensions, _ context: inout AnalysisContext
    ) -> Violation? {
        let input = room.unmasked
        var offset = 0
        while true {
            let (count, progress) = inflater.inflate(input.span.bytes, from: &offset, into: &room.inflated)
            if let violation = take(room.inflated.span.bytes.upTo(count), progress, &message, agreed, &context) {
                return violation
            }
            guard case .output = progress, message.content == .compressed else { return nil }
        }
    }

    /// The last frame was seen; answers what is wrong with the end of the message.
    mutating func finish(
        _ message: inout MessageInProgress, _ agreed: AgreedExtensions, _ context: inout AnalysisContext
    ) -> Violation? {
        guard let inflater = inflater ?? makeInflater(agreed, context) else { return nil }
        self.inflater = inflater
        var room = context.takeInflationRoom()
        let violation = finish(with: inflater, &room, &message, agreed, &context)
        context.inflationRoom = room
        if agreed.deflate?.resetsContext(of: sender) ?? false { inflater.reset() }
        return violation
    }

    private mutating func finish(
        with inflater: Inflater, _ room: inout InflationRoom, _ message: inout MessageInProgress,
        _ agreed: AgreedExtensions, _ context: inout AnalysisContext
    ) -> Violation? {
        var offset = 0
        while true {
            let (count, progress) = inflater.finish(from: &offset, into: &room.inflated)
            if let violation = take(room.inflated.span.bytes.upTo(count), progress, &message, agreed, &context) {
                return violation
            }
            guard case .output = progress, message.content == .compressed else { return nil }
        }
    }

    /// Takes what was inflated; answers what is wrong with it.
    private mutating func take(
        _ bytes: RawSpan, _ progress: Inflater.Progress, _ message: inout MessageInProgress,
        _ agreed: AgreedExtensions, _ context: inout AnalysisContext
    ) -> Violation? {
        message.length += UInt64(bytes.byteCount)
        keep(bytes, in: &message, &context)
        let textFault = message.checkText(bytes)
        if let limit = exceededLimit(message, context.options) {
            giveUp(&message)
            return Violation(
                .messageInflateLimited, "\(message.wireLength) bytes became \(message.length): \(limit)",
                [Evidence("wire_length", .number(message.wireLength)), Evidence("inflated", .number(message.length))])
        }
        if case .failed(let reason) = progress { return fail(&message, becauseOf: reason, agreed, nil) ?? textFault }
        return textFault
    }

    private func exceededLimit(_ message: MessageInProgress, _ options: AnalysisOptions) -> String? {
        if message.length > options.inflatedLimit { return "that is over the limit (--max-inflated)" }
        guard message.length > AnalysisOptions.inflationRatioFrom,
            message.length / max(1, message.wireLength) > options.inflationRatio
        else { return nil }
        return "that is over the highest ratio (--max-ratio)"
    }

    /// The message does not inflate: the sender's fault where everything before it did, the capture's where not.
    private mutating func fail(
        _ message: inout MessageInProgress, becauseOf reason: String?, _ agreed: AgreedExtensions, _ limit: String?
    ) -> Violation? {
        let isContextKnown = isContextWhole || agreed.deflate?.resetsContext(of: sender) ?? false
        let isSendersFault = isContextKnown && reason != nil
        let wasTold = isLossTold
        giveUp(&message)
        if isSendersFault {
            return Violation(
                .messageInflateFailed, "the compressed message does not inflate: \(reason ?? "")",
                [Evidence("reason", .text(reason ?? "")), Evidence("inflated", .number(message.length))])
        }
        isLossTold = true
        guard !wasTold else { return nil }
        return Violation(
            .messageNotInflated,
            limit ?? "the compressed message refers to messages that are not known: the capture lacks them, or they "
                + "did not inflate")
    }

    /// Stops inflating this message, and forgets the window, of which a part is lost now.
    private mutating func giveUp(_ message: inout MessageInProgress) {
        message.content = .broken
        inflater = nil
        isContextWhole = false
    }

    private func makeInflater(_ agreed: AgreedExtensions, _ context: borrowing AnalysisContext) -> Inflater? {
        context.inflaters.make(windowBits: agreed.deflate?.windowBits(of: sender) ?? 15)
    }

    private mutating func keep(
        _ bytes: RawSpan, in message: inout MessageInProgress, _ context: inout AnalysisContext
    ) {
        if context.options.observesMessages {
            context.pendingPayload += message.keep(bytes, room: context.messageRoom(message.payload.count))
        }
        guard context.options.observesFrames else { return }
        frameLength += UInt64(bytes.byteCount)
        let kept = bytes.upTo(context.messageRoom(frame.count))
        if kept.byteCount > 0 { Masking.append(kept, key: 0, phase: 0, to: &frame) }
        context.pendingPayload += kept.byteCount
    }

    /// Takes what the present frame inflated to.
    mutating func takeFrame(_ context: inout AnalysisContext) -> (bytes: [UInt8], length: UInt64) {
        guard frameLength > 0 else { return ([], 0) }
        defer { (frame, frameLength) = ([], 0) }
        context.pendingPayload -= frame.count
        return (frame, frameLength)
    }
}
