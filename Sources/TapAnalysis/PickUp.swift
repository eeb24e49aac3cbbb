import TapBytes
import TapStreams
import TapWebSocket

/// Recognises a WebSocket connection whose handshake was not captured, from its frames alone.
///
/// Convinced only where both directions consist of whole, correct frames that end where their segments end, one
/// direction all masked, the other not at all. Other protocols do not look like that.
struct PickUp {
    enum Answer {
        case undecided
        case convinced(client: Direction)
        case hopeless
    }

    private struct Evidence {
        var frames = 0
        var isMasked = false
    }

    private(set) var held = HeldBytes()
    private var fromFirst = Evidence()
    private var fromSecond = Evidence()
    private var failures = 0

    /// Frames, both directions together, that are convincing.
    private static let enoughFrames = 3
    private static let mostFailures = 32
    private static let mostHeldBytes = 32 << 10

    mutating func receive(_ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader) -> Answer {
        guard let found = PickUp.evidence(in: bytes), agrees(found, direction) else {
            failures += 1
            forget(direction)
            return failures > PickUp.mostFailures ? .hopeless : .undecided
        }
        switch direction {
        case .fromFirst: fromFirst = Evidence(frames: fromFirst.frames + found.frames, isMasked: found.isMasked)
        case .fromSecond: fromSecond = Evidence(frames: fromSecond.frames + found.frames, isMasked: found.isMasked)
        }
        held.append(bytes, direction, in: packet)
        guard held.cost <= PickUp.mostHeldBytes else { return .hopeless }
        guard fromFirst.frames > 0, fromSecond.frames > 0, fromFirst.isMasked != fromSecond.isMasked,
            fromFirst.frames + fromSecond.frames >= PickUp.enoughFrames
        else { return .undecided }
        return .convinced(client: fromFirst.isMasked ? .fromFirst : .fromSecond)
    }

    /// Bytes are missing: what comes next does not continue what was seen.
    mutating func forget(_ direction: Direction) {
        held.remove(direction)
        switch direction {
        case .fromFirst: fromFirst = Evidence()
        case .fromSecond: fromSecond = Evidence()
        }
    }

    private func agrees(_ found: Evidence, _ direction: Direction) -> Bool {
        let known = direction == .fromFirst ? fromFirst : fromSecond
        return known.frames == 0 || known.isMasked == found.isMasked
    }

    /// The frames that a segment consists of, or `nil` where it is anything else.
    private static func evidence(in bytes: RawSpan) -> Evidence? {
        var evidence = Evidence()
        var reader = ByteReader(bytes)
        while reader.remaining > 0 {
            guard let header = FrameHeader(from: &reader), isPlausible(header),
                evidence.frames == 0 || header.isMasked == evidence.isMasked,
                let length = Int(exactly: header.payloadLength), length <= reader.remaining
            else { return nil }
            let payload = bytes.from(reader.offset).upTo(length)
            guard isPlausible(payload, of: header), reader.skip(length) else { return nil }
            evidence.frames += 1
            evidence.isMasked = header.isMasked
        }
        return evidence
    }

    private static func isPlausible(_ header: FrameHeader) -> Bool {
        guard !header.opcode.isReserved, header.reservedBits & 0x3 == 0, header.isLengthMinimal else { return false }
        guard header.opcode.isControl else { return true }
        return header.isFinal && header.payloadLength <= 125 && header.reservedBits == 0
    }

    private static func isPlausible(_ payload: RawSpan, of header: FrameHeader) -> Bool {
        var unmasked: [UInt8] = []
        Masking.append(payload, key: header.maskingKey, phase: 0, to: &unmasked)
        switch header.opcode {
        case .text where header.isFinal && header.reservedBits == 0:
            return String(validating: unmasked, as: UTF8.self) != nil
        case .close:
            let body = CloseBody(unmasked)
            return unmasked.isEmpty || (body.code?.isAllowedOnWire ?? false) && body.isReasonUTF8
        default:
            return true
        }
    }
}
