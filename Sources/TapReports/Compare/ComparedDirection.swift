import TapAnalysis
import TapCore
import TapWebSocket

/// What one peer said, as one capture has it.
struct ComparedDirection: Sendable {
    /// What the frames of a message look like whose end is still to come.
    private struct Open: Sendable {
        let number: Int
        var cuts: UInt64 = 0
        var masks: UInt64 = 0
    }

    private(set) var messages: [ComparedMessage] = []
    /// How many messages stand before places where the capture lacks some, in rising order: only elsewhere is known what was not
    /// sent.
    private(set) var holes: [Int] = []
    private var open: Open?

    /// More may have been sent here than the capture shows.
    mutating func noteHole() {
        open = nil
        if holes.last != messages.count { holes.append(messages.count) }
    }

    /// Whether the capture has everything that was sent between two messages, or before the first and behind the last.
    /// - Parameter places: how many messages stand before the earliest place and the latest.
    func isWhole(_ places: ClosedRange<Int>) -> Bool {
        var (low, high) = (0, holes.count)
        while low < high {
            let middle = (low + high) / 2
            if holes[middle] < places.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low == holes.count || holes[low] > places.upperBound
    }

    /// How often each content is there, by its hash.
    var counts: [UInt64: Int] { messages.reduce(into: [:]) { $0[$1.hash, default: 0] += 1 } }

    mutating func note(_ frame: borrowing Frame) {
        let header = frame.header
        guard !header.opcode.isControl, let number = frame.message else { return }
        guard frame.isWhole else { return noteHole() }
        var message = open ?? Open(number: number)
        if message.number != number { message = Open(number: number) }
        message.cuts = FlowKey.mix(message.cuts ^ header.payloadLength, 0xA076_1D64_78BD_642F)
        if header.isMasked {
            message.masks = FlowKey.mix(message.masks ^ UInt64(header.maskingKey), 0x9E37_79B9_7F4A_7C15)
        }
        open = message
    }

    /// Its frames came before.
    /// - Parameters:
    ///   - shown: what may be told of the payload.
    ///   - isKept: whether there is room for it.
    /// - Returns: whether it took room.
    mutating func note(_ message: borrowing Message, shown: ArraySlice<UInt8>, isKept: Bool) -> Bool {
        guard let frames = open.take(), frames.number == message.number, let digest = message.digest, message.isWhole,
            message.compression == .none || message.compression == .inflated, isKept
        else {
            noteHole()
            return false
        }
        let form = ComparedMessage.Form(
            frames: message.frames, cuts: frames.cuts, isCompressed: message.compression == .inflated,
            wireLength: message.wireLength, bytes: digest.wire, masks: frames.masks)
        messages.append(
            ComparedMessage(
                number: message.number, kind: message.kind, time: message.time, packet: message.packet,
                length: message.length, hash: digest.content, form: form,
                excerpt: Array(shown.prefix(ComparedMessage.excerptLength))))
        return true
    }
}
