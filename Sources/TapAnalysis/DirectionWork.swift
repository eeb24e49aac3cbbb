import TapCore
import TapWebSocket

/// What a direction needs while more goes on in it than messages in whole frames, and remembers of that.
///
/// It lies in memory of its own, so that the very many connections that are idle do without it.
struct DirectionWork {
    // What a compressed message in a whole frame needs lies together.

    var decoder = FrameDecoder()
    var messages: MessageAssembly
    var current: FrameInProgress?
    /// Where frame boundaries were lost and not found again.
    @Rare var loss: Loss?
    /// There while they are looked for.
    @Rare var search: FrameSearch?
    /// Bytes where a frame must begin, as long as they may be another protocol's.
    @Rare var foreign: ForeignBytes?
    /// What ``FrameCounts`` has no room for. Frames and messages are not counted here.
    var counts = DirectionStatistics()
    /// Frames of messages that were not the last of theirs, or not seen to their end.
    var framesWithoutEnd: UInt64 = 0
    /// A header that looks like none, until what follows decides.
    @Rare var suspect: FrameHeader?
    /// What headers have had that turned out to be some.
    var acceptedFaults: StepCheck.Faults = []
    /// Whether frames may have been sent that were not seen.
    var hasLostFrames = false
    var isCutTold = false
    var isUnfinishedTold = false
    /// Whether something is counted or was told.
    var isToStay = false

    init(_ sender: Sender, isContextWhole: Bool) {
        messages = MessageAssembly(sender, isContextWhole: isContextWhole)
    }

    /// Whether every frame was seen that was sent.
    var hasAllFrames: Bool { !hasLostFrames && (search?.count ?? 0) == 0 }

    /// Whether the next byte begins a frame, and no message is open.
    var isBetweenMessages: Bool { decoder.isAtBoundary && !messages.isOpen && !$foreign }

    /// Whether there is nothing in it that a fresh one would not have.
    var isOver: Bool {
        !isToStay && isBetweenMessages && !messages.hasContext && current == nil && !$loss && !$search
    }

    /// Takes payload of the present frame as it was sent.
    mutating func receive(
        payload bytes: RawSpan, in packet: PacketHeader, _ agreed: AgreedExtensions, _ context: inout AnalysisContext
    ) {
        if current?.message != nil, let key = current?.header.maskingKey, let phase = current?.position {
            for violation in messages.receive(bytes, key: key, phase: phase, agreed, &context) {
                current?.violations.append((violation, packet))
            }
        }
        let budget = context.pendingPayloadLimit - context.pendingPayload
        context.pendingPayload += current?.receive(bytes, budget: budget) ?? 0
    }

    /// Steps over bytes of the present frame that are missing from the capture.
    mutating func skip(payload count: Int) {
        current?.skip(count)
        if current?.message != nil, let violation = messages.skip(count) {
            current?.violations.append((violation, nil))
        }
    }

    /// The last byte of the message's last frame was seen.
    mutating func finishMessage(_ agreed: AgreedExtensions, _ context: inout AnalysisContext) {
        for violation in messages.finish(agreed, &context) { current?.violations.append((violation, nil)) }
    }

    mutating func noteUnfinishedTold() {
        isUnfinishedTold = true
        isToStay = true
    }
}

/// Where and why frame boundaries were lost.
struct Loss {
    let reason: String
    let packet: PacketHeader
}
