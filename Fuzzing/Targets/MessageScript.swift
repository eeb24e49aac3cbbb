import TapTestSupport
import TapWebSocket

/// Makes frames of what a fuzzer gives: two bytes for the header, two for the payload, and the payload.
///
/// What is to be compressed is given as it is before that: fuzzers do not find DEFLATE by chance, and do well at breaking it.
struct MessageScript {
    /// What one peer sends before the other has its turn.
    struct Turn {
        let sender: Sender
        var bytes: [UInt8]
    }

    private var deflaters: [Sender: Deflater] = [:]

    static func turns(from input: inout FuzzInput) -> [Turn] {
        var script = MessageScript()
        var turns: [Turn] = []
        var count = 0
        while !input.isEmpty, count < mostBytes {
            let (sender, bytes) = script.next(from: &input)
            count += bytes.count
            if turns.last?.sender == sender {
                turns[turns.count - 1].bytes += bytes
            } else {
                turns.append(Turn(sender: sender, bytes: bytes))
            }
        }
        return turns
    }

    private static let mostBytes = 16 << 10

    private mutating func next(from input: inout FuzzInput) -> (Sender, [UInt8]) {
        let (first, second, form) = (input.byte(), input.byte(), input.byte())
        let sender: Sender = second & 1 == 0 ? .client : .server
        let part = input.take(Int(input.byte()))
        // Some payloads are long, and some of those inflate to far more than they are.
        let payload = form & 0x80 == 0 ? part : Array(repeatElement(part, count: 1 << Int(form >> 4 & 7)).joined())
        guard second & 0x80 == 0 else { return (sender, payload) }
        var frame = FrameBytes(Opcode(rawValue: first), compressed(payload, form, sender))
        frame.isFinal = first & 0x80 != 0
        frame.reservedBits = first >> 4 & 0x7
        let isMasked = (sender == .client) != (second & 2 != 0)
        frame.maskingKey = isMasked ? UInt32(second) &* 0x37FA_213D &+ UInt32(form) : nil
        switch second >> 2 & 3 {
        case 1: frame.lengthForm = .sixteenBits
        case 2: frame.lengthForm = .sixtyFourBits
        case 3: frame.statedLength = UInt64(form) << (second & 0x40 == 0 ? 0 : 56)
        case _: break
        }
        return (sender, frame.bytes)
    }

    private mutating func compressed(_ payload: [UInt8], _ form: UInt8, _ sender: Sender) -> [UInt8] {
        guard form & 3 != 0 else { return payload }
        let deflater = deflaters[sender] ?? Deflater()
        deflaters[sender] = deflater
        switch form & 3 {
        case 1: return deflater.message(payload)
        case 2: return deflater.part(payload)
        case _: return deflater.final(payload)
        }
    }
}
