import TapCore
import TapWebSocket

/// What one peer of a connection said, in a few numbers: two of them are equal where every message is, in the same order. How
/// messages are cut into frames, compressed and masked makes no difference.
struct MessageTrace: Equatable, Codable {
    /// Bytes that are compared of each message, beside its kind and its length.
    static let compared = 256

    private struct Message: Codable {
        let kind: Opcode
        let isCompressed: Bool
        var length: UInt64 = 0
        /// The same in every process: traces of several parts are compared.
        var content = ContentHash(seed: 0)
    }

    /// The message whose end is still to come.
    private var current: Message?
    private(set) var count: UInt64 = 0
    private var all: UInt64 = 0
    private(set) var first: UInt64?
    /// When the first message was complete.
    private(set) var firstTime: Timestamp?
    /// Whether everything that was said is in the numbers.
    private(set) var isKnown = true

    static func == (left: MessageTrace, right: MessageTrace) -> Bool {
        left.isKnown && right.isKnown && left.count == right.count && left.all == right.all
            && left.current == nil && right.current == nil
    }

    /// Whether what was said so far may still become equal.
    func mayBecome(_ other: MessageTrace) -> Bool {
        guard isKnown, other.isKnown, let first, let otherFirst = other.first else { return true }
        return first == otherFirst
    }

    mutating func note(_ frame: borrowing Frame, of observations: borrowing Observations) {
        let header = frame.header
        guard isKnown, !header.opcode.isControl else { return }
        guard frame.isWhole else { return lose() }
        var message: Message
        if header.opcode != .continuation {
            message = Message(kind: header.opcode, isCompressed: header.reservedBits & 4 != 0)
        } else if let current {
            message = current
        } else {
            return lose()
        }
        if message.isCompressed {
            guard frame.isInflated || header.payloadLength == 0 else { return lose() }
            add(frame.inflated, frame.inflatedLength, of: observations, to: &message)
        } else {
            add(frame.payload, header.payloadLength, of: observations, to: &message)
        }
        if header.isFinal { finish(message, at: frame.time) } else { current = message }
    }

    private mutating func add(
        _ place: Range<Int>, _ length: UInt64, of observations: borrowing Observations, to message: inout Message
    ) {
        let compared = UInt64(MessageTrace.compared)
        let wanted = Int(min(compared - min(message.length, compared), length))
        message.length &+= length
        // A limit may have cut what is kept.
        guard place.count >= wanted else { return lose() }
        let bytes = observations.payloads.span.bytes
        message.content.add(bytes.extracting(place.lowerBound..<place.lowerBound + wanted))
    }

    private mutating func lose() {
        isKnown = false
        current = nil
    }

    private mutating func finish(_ message: Message, at time: Timestamp) {
        current = nil
        count += 1
        let hash = FlowKey.mix(
            message.content.value ^ UInt64(message.kind.rawValue), message.length ^ 0x9E37_79B9_7F4A_7C15)
        all = FlowKey.mix(all ^ hash, 0xA076_1D64_78BD_642F)
        guard first == nil else { return }
        (first, firstTime) = (hash, time)
    }
}

/// The masking keys of a client's frames: a proxy that passes on bytes leaves them as they are, and nobody else has the same.
struct MaskTrace: Codable {
    private(set) var all: UInt64 = 0
    private var last: UInt32?
    /// Whether there was more than one, so that they are no constant of the client's.
    private(set) var isVaried = false

    mutating func note(_ key: UInt32) {
        if let last, last != key { isVaried = true }
        last = key
        all = FlowKey.mix(all ^ UInt64(key), 0x9E37_79B9_7F4A_7C15)
    }

    /// Whether both have the same keys.
    func proves(_ other: MaskTrace) -> Bool { isVaried && other.isVaried && all == other.all }
}
