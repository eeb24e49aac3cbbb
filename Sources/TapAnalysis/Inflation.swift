import TapCore
import TapWebSocket

/// Inflates the compressed messages of one peer. Takes memory only when the first one comes. RFC 7692 §7.2.2.
///
/// A message that does not inflate costs the window that the next ones may refer to. They are tried all the same, with
/// an empty window: then they inflate rightly, because they refer to nothing before it, or not at all.
struct Inflation {
    private var inflater: Inflater?
    private let sender: Sender
    /// Whether every compressed message of this peer since the handshake was inflated.
    private var isContextWhole: Bool
    private let wasContextWhole: Bool
    /// Whether it was told that messages cannot be inflated for want of the window.
    private var isLossTold = false
    /// What the present frame has inflated to, up to the limit, and how long that is in all.
    private var frame: [UInt8] = []
    private var frameLength: UInt64 = 0

    init(_ sender: Sender, isContextWhole: Bool) {
        self.sender = sender
        self.isContextWhole = isContextWhole
        wasContextWhole = isContextWhole
    }

    /// Whether anything has changed that the next messages depend on.
    var hasContext: Bool { inflater != nil || isLossTold || isContextWhole != wasContextWhole }

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
    ) -> [Violation] {
        guard let inflater = readyInflater(agreed, context) else { return failForLimit(&message, agreed) }
        var room = context.takeInflationRoom()
        Masking.append(bytes, key: key, phase: phase, to: &room.unmasked)
        return run(inflater, &room, .part, &message, agreed, &context)
    }

    /// The last frame was seen; answers what is wrong with the end of the message.
    mutating func finish(
        _ message: inout MessageInProgress, _ agreed: AgreedExtensions, _ context: inout AnalysisContext
    ) -> [Violation] {
        guard let inflater = readyInflater(agreed, context) else { return [] }
        var room = context.takeInflationRoom()
        var found = run(inflater, &room, .end, &message, agreed, &context)
        if let excess = excess(in: message, inflater, agreed) { found.append(excess) }
        if agreed.resetsContext(of: sender) { inflater.reset() }
        return found
    }

    /// Inflates the payload of a message in one frame, which is all here; answers what is wrong with it.
    mutating func inflateWhole(
        _ bytes: RawSpan, key: UInt32, _ message: inout MessageInProgress, _ agreed: AgreedExtensions,
        _ context: inout AnalysisContext
    ) -> [Violation] {
        guard let inflater = readyInflater(agreed, context) else { return failForLimit(&message, agreed) }
        var room = context.takeInflationRoom()
        Masking.append(bytes, key: key, phase: 0, to: &room.unmasked)
        room.unmasked.append(contentsOf: Inflater.tail)
        var found = run(inflater, &room, .whole, &message, agreed, &context)
        if let excess = excess(in: message, inflater, agreed) { found.append(excess) }
        if agreed.resetsContext(of: sender) { inflater.reset() }
        return found
    }

    /// What of a message is inflated at once.
    private enum Extent {
        case part
        case end
        case whole
    }

    /// Inflates what is in the room, or the end of the message, and gives the room back.
    private mutating func run(
        _ inflater: Inflater, _ room: inout InflationRoom, _ extent: Extent, _ message: inout MessageInProgress,
        _ agreed: AgreedExtensions, _ context: inout AnalysisContext
    ) -> [Violation] {
        let input = room.unmasked
        var offset = 0
        var found: [Violation] = []
        while true {
            let (count, progress) =
                switch extent {
                case .part: inflater.inflate(input.span.bytes, from: &offset, into: &room.inflated)
                case .end: inflater.finish(from: &offset, into: &room.inflated)
                case .whole: inflater.inflate(whole: input.span.bytes, from: &offset, into: &room.inflated)
                }
            // A text that is not UTF-8 is inflated to its end all the same: the next messages refer to it.
            take(room.inflated.span.bytes.upTo(count), progress, &message, agreed, &context, &found)
            guard case .output = progress, case .compressed = message.content else { break }
        }
        context.inflationRoom = room
        return found
    }

    /// Takes what was inflated, and adds what is wrong with it to what was found.
    private mutating func take(
        _ inflated: RawSpan, _ progress: Inflater.Progress, _ message: inout MessageInProgress,
        _ agreed: AgreedExtensions, _ context: inout AnalysisContext, _ found: inout [Violation]
    ) {
        let (limit, option) = limit(of: message, context.options)
        let bytes = inflated.upTo(Int(clamping: limit - min(limit, message.length)))
        message.length += UInt64(bytes.byteCount)
        keep(bytes, in: &message, &context)
        if agreed.isCompressed, let violation = message.checkText(bytes) { found.append(violation) }
        if inflated.byteCount > bytes.byteCount {
            giveUp(&message)
            found.append(
                Violation(
                    .messageInflateLimited,
                    "the message inflates to more than \(Decimal.grouped(limit)) bytes (\(option))",
                    [Evidence("wire_length", .number(message.statedLength)), Evidence("limit", .number(limit))]))
            return
        }
        guard case .failed(let reason) = progress else { return }
        found += fail(&message, becauseOf: reason, agreed, nil)
    }

    /// How many bytes a message may inflate to, and the option that says so. It depends on what the frames' headers state,
    /// not on what of them has come: where segments end makes no difference.
    private func limit(of message: MessageInProgress, _ options: AnalysisOptions) -> (UInt64, option: String) {
        let (product, overflow) = message.statedLength.multipliedReportingOverflow(by: options.inflationRatio)
        let ofRatio = overflow ? .max : max(product, AnalysisOptions.inflationRatioFrom)
        return ofRatio < options.inflatedLimit ? (ofRatio, "--max-ratio") : (options.inflatedLimit, "--max-inflated")
    }

    private mutating func failForLimit(
        _ message: inout MessageInProgress, _ agreed: AgreedExtensions
    ) -> [Violation] {
        fail(&message, becauseOf: nil, agreed, "there are too many compressed connections (--max-inflaters)")
    }

    /// The message does not inflate: the sender's fault where everything before it did, the capture's where not.
    private mutating func fail(
        _ message: inout MessageInProgress, becauseOf reason: String?, _ agreed: AgreedExtensions, _ limit: String?
    ) -> [Violation] {
        // An extension that is not known may have changed the payload once more, or may be what set RSV1.
        let isContextKnown =
            agreed.isCompressed && !agreed.hasUnknown && (isContextWhole || agreed.resetsContext(of: sender))
        let isSendersFault = isContextKnown && reason != nil
        let wasTold = isLossTold
        giveUp(&message)
        if isSendersFault {
            return [
                Violation(
                    .messageInflateFailed, "the compressed message does not inflate: \(reason ?? "")",
                    [Evidence("reason", .text(reason ?? "")), Evidence("inflated", .number(message.length))])
            ]
        }
        isLossTold = true
        guard !wasTold else { return [] }
        let unknown =
            agreed.isCompressed
            ? "the compressed message refers to messages that are not known: the capture lacks them, or they did not inflate"
            : "it is not known which extensions were agreed on: the message may refer to others that the capture lacks, or not be compressed"
        return [Violation(.messageNotInflated, limit ?? unknown)]
    }

    /// Stops inflating this message, and forgets the window, of which a part is lost now.
    private mutating func giveUp(_ message: inout MessageInProgress) {
        message.content = .broken
        inflater = nil
        isContextWhole = false
    }

    /// The inflater, made if absent; `nil` if there are too many.
    private mutating func readyInflater(
        _ agreed: AgreedExtensions, _ context: borrowing AnalysisContext
    ) -> Inflater? {
        guard inflater == nil else { return inflater }
        // The largest window reads everything. With the one that was agreed on, zlib would still find what lies beyond it
        // in its present output, so that whether a message inflates would hang on where segments end.
        inflater = context.inflaters.make(windowBits: 15)
        let windowBits = agreed.windowBits(of: sender)
        // An extension that is not known may have put other bytes where the compressed ones were.
        if windowBits < 15, !agreed.hasUnknown { inflater?.watchDistances(windowBits: windowBits) }
        return inflater
    }

    /// The message is over: says so where it refers back beyond the window that its sender agreed to keep to.
    private func excess(
        in message: MessageInProgress, _ inflater: Inflater, _ agreed: AgreedExtensions
    ) -> Violation? {
        guard case .compressed = message.content, let distance = inflater.finishWatching() else { return nil }
        let bits = agreed.windowBits(of: sender)
        let parameter = "\(sender.rawValue)_max_window_bits=\(bits)"
        return Violation(
            .messageWindowExceeded,
            "the message refers \(Decimal.grouped(UInt64(distance))) bytes back, and \(parameter) allows \(Decimal.grouped(1 << UInt64(bits)))",
            [
                Evidence("distance", .number(UInt64(distance))), Evidence("window", .number(1 << UInt64(bits))),
                Evidence("agreed", .text(parameter)),
            ])
    }

    private mutating func keep(
        _ bytes: RawSpan, in message: inout MessageInProgress, _ context: inout AnalysisContext
    ) {
        message.digest?.add(inflated: bytes)
        if context.keepsMessages {
            context.pendingPayload += message.keep(bytes, room: context.messageRoom(message.payload.count))
        }
        guard context.options.observesFrames else { return }
        frameLength += UInt64(bytes.byteCount)
        let kept = bytes.upTo(context.frameRoom(frame.count))
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

/// Room for payload on its way into inflation, and out of it. Taken out of the context for as long as it is used.
struct InflationRoom {
    var unmasked: [UInt8] = []
    var inflated: [UInt8] = []
    private static let inflatedAtOnce = 32 << 10

    mutating func makeReady() {
        if inflated.isEmpty { inflated = [UInt8](repeating: 0, count: InflationRoom.inflatedAtOnce) }
        unmasked.removeAll(keepingCapacity: true)
    }
}
