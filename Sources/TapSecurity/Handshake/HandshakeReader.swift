import TapCore

/// Puts the handshake messages of one direction together, which may be split over records, or share one. RFC 8446 §5.1.
package struct HandshakeReader {
    /// The longest message that is read in bytes; longer ones, and certificates of any length, are passed over.
    package static let longestMessage = 1 << 16
    private static let headerLength = 4

    private var pending: [UInt8] = []
    private var start = 0
    /// How many bytes of a message that is passed over are still to come.
    private var toPass = 0
    /// The type of that message.
    private var passed: UInt8 = 0
    /// The type of a message that was passed over to its end, until it is reported.
    private var ended: UInt8?

    package init() {}

    /// Whether a message has begun and not ended.
    package var isInMessage: Bool { toPass > 0 || start < pending.count }

    package mutating func receive(_ fragment: RawSpan) {
        // Of a message that is passed over nothing is kept.
        let count = min(toPass, fragment.byteCount)
        toPass -= count
        pending.append(fragment.from(count))
        if count > 0, toPass == 0 { ended = passed }
    }

    /// The next whole message.
    package mutating func next() -> HandshakeMessage? {
        if let type = ended {
            ended = nil
            return .other(type)
        }
        let left = pending.count - start
        guard left >= Self.headerLength else { return compact() }
        let type = pending[start]
        let length = Int(pending[start + 1]) << 16 | Int(pending[start + 2]) << 8 | Int(pending[start + 3])
        if !HandshakeMessage.isRead(type) || length > Self.longestMessage {
            let count = min(Self.headerLength + length, left)
            toPass = Self.headerLength + length - count
            start += count
            if toPass == 0 { return .other(type) }
            passed = type
            return compact()
        }
        guard left >= Self.headerLength + length else { return compact() }
        let message = HandshakeMessage(type: type, pending.span.bytes.from(start + Self.headerLength).upTo(length))
        start += Self.headerLength + length
        return message
    }

    /// Bytes are missing: what comes next is not known to begin a message.
    package mutating func reset() { self = HandshakeReader() }

    private mutating func compact() -> HandshakeMessage? {
        if start == pending.count {
            if !pending.isEmpty { pending = [] }
        } else if start > 0 {
            pending.removeFirst(start)
        }
        start = 0
        return nil
    }
}
