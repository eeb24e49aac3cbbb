import TapCore
import TapWebSocket

/// A frame whose payload has not all come yet.
struct FrameInProgress {
    let header: FrameHeader
    let firstPacket: PacketNumber
    /// Where in the order of TCP it began.
    let arrival: UInt32
    let message: Int?
    /// What is wrong with it, and the packet where that was certain if it was not its last.
    var violations: [(violation: Violation, packet: PacketHeader?)]
    /// Payload bytes that lie behind us, missing ones included: where the masking key stands.
    var position: UInt64 = 0
    var missing: UInt64 = 0
    /// The unmasked payload up to the limit, or up to the first missing byte.
    var payload: [UInt8] = []
    let payloadLimit: Int

    init(
        header: FrameHeader, firstPacket: PacketNumber, arrival: UInt32, message: Int?, violations: [Violation],
        payloadLimit: Int
    ) {
        self.header = header
        self.firstPacket = firstPacket
        self.arrival = arrival
        self.message = message
        self.violations = violations.map { ($0, nil) }
        self.payloadLimit = payloadLimit
    }

    /// Whether it is the last frame of its message.
    var isLastOfMessage: Bool { header.isFinal && message != nil }

    /// Whether the capture holds every byte of the frame.
    var isWhole: Bool { missing == 0 && position == header.payloadLength }

    /// Takes payload as it was sent; answers by how many bytes what is kept has grown.
    mutating func receive(_ bytes: RawSpan, budget: Int) -> Int {
        // What a control frame may hold is read in any case: it says why the connection ends.
        let least = header.opcode.isControl ? max(0, 125 - payload.count) : 0
        let room = missing > 0 ? 0 : min(payloadLimit - payload.count, max(budget, least))
        let kept = bytes.upTo(room)
        if kept.byteCount > 0 {
            Masking.append(kept, key: header.maskingKey, phase: position, to: &payload)
        }
        position += UInt64(bytes.byteCount)
        return kept.byteCount
    }

    mutating func skip(_ count: Int) {
        position += UInt64(count)
        missing += UInt64(count)
    }
}
