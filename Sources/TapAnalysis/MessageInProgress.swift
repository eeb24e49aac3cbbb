import TapCore
import TapWebSocket

/// A message whose last frame has not come yet.
struct MessageInProgress {
    /// What its payload is.
    enum Content {
        case plain
        case compressed
        /// It was compressed, but not further than this it could be inflated.
        case broken
        /// An extension that is not known has changed it, or its start was not seen.
        case opaque
    }

    let number: Int
    let kind: Opcode
    let firstPacket: PacketHeader
    var content: Content
    let isCompressed: Bool
    var firstFrame = 0
    var frames = 0
    var wireLength: UInt64 = 0
    /// The lengths that the headers of its frames have stated so far.
    private(set) var statedLength: UInt64 = 0
    /// Payload once inflated.
    var length: UInt64 = 0
    /// The payload, inflated, up to the limit.
    var payload: [UInt8] = []
    var isWhole = true
    /// There only where somebody asks for it.
    var digest: DigestInProgress?
    private var text = UTF8Check()
    private var isTextFaultTold = false

    init(number: Int, kind: Opcode, content: Content, firstPacket: PacketHeader) {
        self.number = number
        self.kind = kind
        self.content = content
        self.firstPacket = firstPacket
        isCompressed = content == .compressed
    }

    mutating func note(_ header: FrameHeader) {
        let (sum, overflow) = statedLength.addingReportingOverflow(header.payloadLength)
        statedLength = overflow ? .max : sum
    }

    /// Its only frame is all here.
    mutating func note(frame number: Int, length: UInt64) {
        (firstFrame, frames, wireLength) = (number, 1, length)
    }

    /// Keeps payload, as far as there is room; answers how much it kept.
    mutating func keep(_ bytes: RawSpan, key: UInt32 = 0, phase: UInt64 = 0, room: Int) -> Int {
        guard isWhole else { return 0 }
        let kept = bytes.upTo(room)
        if kept.byteCount > 0 { Masking.append(kept, key: key, phase: phase, to: &payload) }
        return kept.byteCount
    }

    private var isText: Bool { kind == .text && isWhole && content != .opaque }

    /// Takes payload that is not compressed, as it was sent; says where it turns out not to be UTF-8.
    mutating func checkText(_ bytes: RawSpan, key: UInt32 = 0, phase: UInt64 = 0) -> Violation? {
        guard isText else { return nil }
        text.receive(bytes, key: key, phase: phase)
        return newTextFault()
    }

    /// The message is over: says so where it ends in the middle of a character.
    mutating func finishText() -> Violation? {
        guard isText, content != .broken else { return nil }
        text.finish()
        return newTextFault()
    }

    private mutating func newTextFault() -> Violation? {
        guard let offset = text.fault, !isTextFaultTold else { return nil }
        isTextFaultTold = true
        return MessageInProgress.textFault(at: offset)
    }

    static func textFault(at offset: UInt64) -> Violation {
        Violation(
            .messageNotUTF8, "what begins at byte \(offset) of the text message is not UTF-8",
            [Evidence("offset", .number(offset))])
    }
}
