import TapBytes

/// What there is so far of an IP packet that came in fragments. Of bytes that came twice, the first copy counts.
struct PartialPacket {
    /// The payload as far as anything is known of it, with zeros for what is not.
    private(set) var bytes: [UInt8] = []
    /// A bit for each unit of eight bytes that has come: fragments begin at multiples of eight.
    private var units: [UInt64] = []
    private var unitCount = 0
    /// The length of the payload, once the last fragment has come.
    private var length: Int?
    /// The first byte that came but was not captured.
    private var capturedEnd = Int.max
    private var protocolNumber: UInt8?

    init() {}

    /// The whole packet, once nothing is missing any more.
    ///
    /// Takes time for the length of the fragment only, however many there are.
    mutating func receive(_ fragment: IPFragment, _ captured: RawSpan) -> ReassembledPacket? {
        let start = Int(fragment.offset)
        let end = start + fragment.payloadLength
        // Nothing lies beyond the last fragment.
        guard end <= length ?? .max, !fragment.isLast || end >= length ?? bytes.count else { return nil }
        if fragment.isLast { length = end }
        if start == 0, protocolNumber == nil { protocolNumber = fragment.protocolNumber }
        if end > bytes.count { grow(to: end) }
        for unit in start / 8..<(end + 7) / 8 where units[unit / 64] & 1 << (unit % 64) == 0 {
            units[unit / 64] |= 1 << (unit % 64)
            unitCount += 1
            let first = unit * 8
            let last = min(first + 8, end, start + captured.byteCount)
            for place in first..<max(first, last) { bytes[place] = captured.uint8(at: place - start) }
            if last < min(first + 8, end) { capturedEnd = min(capturedEnd, max(first, last)) }
        }
        guard let length, let protocolNumber, unitCount == (length + 7) / 8 else { return nil }
        return ReassembledPacket(
            bytes: Array(bytes.prefix(capturedEnd)), length: length, protocolNumber: protocolNumber,
            identity: fragment.identity, depth: Int(fragment.depth))
    }

    private mutating func grow(to count: Int) {
        bytes += [UInt8](repeating: 0, count: count - bytes.count)
        let words = (count + 511) / 512
        units += [UInt64](repeating: 0, count: max(0, words - units.count))
    }
}
