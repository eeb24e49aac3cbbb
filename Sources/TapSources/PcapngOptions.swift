import TapCore

/// The options at the end of a pcapng block, one after another. draft-ietf-opsawg-pcapng §3.5.
///
/// An option that its block cuts short ends the list.
struct PcapngOptions {
    static let comment: UInt16 = 1
    /// Of an enhanced packet block: 64 bits by which a packet is told from all others.
    static let packetIdentifier: UInt16 = 5

    struct Option {
        let code: UInt16
        /// Where its value lies in the block.
        let value: Range<Int>
    }

    private let order: ByteOrder
    private var offset: Int
    /// Whether the list ended at an option that its block cuts short.
    private(set) var isBroken = false

    init(at offset: Int, _ order: ByteOrder) {
        self.offset = offset
        self.order = order
    }

    /// The next option in what `block` holds, which ends where its options do.
    mutating func next(in block: RawSpan) -> Option? {
        guard offset + 4 <= block.byteCount else { return nil }
        let code = block.uint16(at: offset, order)
        let value = offset + 4..<offset + 4 + Int(block.uint16(at: offset + 2, order))
        guard code != 0 else { return nil }
        guard value.upperBound <= block.byteCount else {
            isBroken = true
            return nil
        }
        offset = (value.upperBound + 3) & ~3
        return Option(code: code, value: value)
    }
}
