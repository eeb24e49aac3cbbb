import TapAnalysis
import TapCore
import TapWebSocket

/// What one peer said, as one capture has it.
struct ComparedDirection: Sendable {
    /// A message whose end is still to come.
    private struct Open: Sendable {
        let number: Int
        let kind: Opcode
        var length: UInt64 = 0
        var content = ContentHash()
        var form = ComparedMessage.Form()
        var excerpt: [UInt8] = []
        var isReadable = true
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
    func isWhole(_ places: ClosedRange<Int>) -> Bool { !holes.contains { places.contains($0) } }

    /// - Parameter shown: what may be told of the payload.
    mutating func note(
        _ frame: Frame, of observations: borrowing Observations, shown: ArraySlice<UInt8>, keeping limit: Int
    ) {
        let header = frame.header
        guard !header.opcode.isControl, let number = frame.message else { return }
        guard frame.isWhole else { return noteHole() }
        if header.opcode != .continuation {
            open = Open(number: number, kind: header.opcode)
            open?.form.isCompressed = header.reservedBits & 4 != 0
        }
        guard open?.number == number else { return noteHole() }
        add(frame, of: observations, shown)
        guard header.isFinal, let message = open.take() else { return }
        guard message.isReadable, messages.count < limit else { return noteHole() }
        messages.append(
            ComparedMessage(
                number: number, kind: message.kind, time: frame.time, packet: frame.packet, length: message.length,
                hash: message.content.value, form: message.form, excerpt: message.excerpt))
    }

    private mutating func add(_ frame: Frame, of observations: borrowing Observations, _ shown: ArraySlice<UInt8>) {
        let header = frame.header
        let payload = observations.payload(of: frame)
        guard var message = open else { return }
        if message.form.isCompressed {
            message.isReadable = message.isReadable && (frame.isInflated || header.payloadLength == 0)
            message.content.add(observations.inflated(of: frame))
            message.length &+= frame.inflatedLength
        } else {
            message.content.add(payload)
            message.length &+= header.payloadLength
        }
        message.form.frames += 1
        message.form.cuts = FlowKey.mix(message.form.cuts ^ header.payloadLength, 0xA076_1D64_78BD_642F)
        message.form.wireLength &+= header.payloadLength
        message.form.bytes.add(payload)
        if header.isMasked {
            message.form.masks = FlowKey.mix(message.form.masks ^ UInt64(header.maskingKey), 0x9E37_79B9_7F4A_7C15)
        }
        let room = ComparedMessage.excerptLength - message.excerpt.count
        if room > 0 { message.excerpt += shown.prefix(room) }
        open = message
    }
}
