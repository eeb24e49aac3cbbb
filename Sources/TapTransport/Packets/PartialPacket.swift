import TapCore

/// What there is so far of an IP packet that came in fragments. Of bytes that came twice, the first copy counts, but where only
/// the later one fits the checksum of a TCP segment.
struct PartialPacket {
    /// What brought a part of it: where that ends, and in which packet it came.
    private struct Piece {
        let start: Int
        let end: Int
        let packet: PacketNumber
    }

    /// The payload as far as anything is known of it, with zeros for what is not.
    private(set) var bytes: [UInt8] = []
    /// The same with the last copy of everything; empty where no two differ.
    private var latest: [UInt8] = []
    /// A bit for each unit of eight bytes that has come: fragments begin at multiples of eight.
    private var units: [UInt64] = []
    private(set) var unitCount = 0
    /// The length of the payload, once the last fragment has come.
    private(set) var length: Int?
    /// The first byte that came but was not captured.
    private var capturedEnd = Int.max
    private var protocolNumber: UInt8?
    /// The first fragments, to say which packets brought what differs.
    private var pieces: [Piece] = []
    private var conflict: ConflictingFragments?

    init() {}

    /// How many bytes it holds.
    var heldBytes: Int { bytes.count + latest.count }

    /// The whole packet, once nothing is missing any more.
    ///
    /// Takes time for the length of the fragment only, however many there are.
    mutating func receive(
        _ fragment: IPFragment, _ captured: RawSpan, in packet: PacketNumber
    ) -> ReassembledPacket? {
        let start = Int(fragment.offset)
        let end = start + fragment.payloadLength
        // Nothing lies beyond the last fragment.
        guard end <= length ?? .max, !fragment.isLast || end >= length ?? bytes.count else { return nil }
        if fragment.isLast { length = end }
        if start == 0, protocolNumber == nil { protocolNumber = fragment.protocolNumber }
        if end > bytes.count { grow(to: end) }
        for unit in start / 8..<(end + 7) / 8 {
            let first = unit * 8
            let last = min(first + 8, end, start + captured.byteCount)
            guard units[unit / 64] & 1 << (unit % 64) == 0 else {
                compare(first..<max(first, last), with: captured, of: fragment, in: packet)
                continue
            }
            units[unit / 64] |= 1 << (unit % 64)
            unitCount += 1
            for place in first..<max(first, last) { write(captured.uint8(at: place - start), at: place) }
            if last < min(first + 8, end) { capturedEnd = min(capturedEnd, max(first, last)) }
        }
        if pieces.count < FragmentCopies.limit { pieces.append(Piece(start: start, end: end, packet: packet)) }
        guard let length, let protocolNumber, unitCount == (length + 7) / 8 else { return nil }
        let whole = ReassembledPacket(
            bytes: Array(bytes.prefix(capturedEnd)), length: length, protocolNumber: protocolNumber,
            identity: fragment.identity, depth: Int(fragment.depth), conflict: conflict)
        guard !latest.isEmpty, whole.isIntact != true else { return whole }
        let other = whole.with(Array(latest.prefix(min(capturedEnd, latest.count))))
        return other.isIntact == true ? other : whole
    }

    /// Whether nothing has come yet of what a fragment holds.
    func lacks(_ fragment: IPFragment) -> Bool {
        let range = Int(fragment.offset) / 8..<(Int(fragment.offset) + fragment.payloadLength + 7) / 8
        return range.allSatisfy { $0 / 64 >= units.count || units[$0 / 64] & 1 << ($0 % 64) == 0 }
    }

    private mutating func write(_ byte: UInt8, at place: Int) {
        bytes[place] = byte
        if !latest.isEmpty { latest[place] = byte }
    }

    /// Notes where bytes that come again are not the same.
    private mutating func compare(
        _ places: Range<Int>, with captured: RawSpan, of fragment: IPFragment, in packet: PacketNumber
    ) {
        let start = Int(fragment.offset)
        for place in places where place < capturedEnd {
            let byte = captured.uint8(at: place - start)
            guard bytes[place] != byte || !latest.isEmpty else { continue }
            if latest.isEmpty {
                latest = bytes
                noteConflict(at: place, with: captured, of: fragment, in: packet)
            }
            latest[place] = byte
        }
    }

    private mutating func noteConflict(
        at place: Int, with captured: RawSpan, of fragment: IPFragment, in packet: PacketNumber
    ) {
        let earlier = pieces.first { $0.start <= place && place < $0.end }
        let second = captured.from(place - Int(fragment.offset)).upTo(ConflictingFragments.excerpt)
        let end = min(place + second.byteCount, earlier?.end ?? .max, capturedEnd, bytes.count)
        conflict = ConflictingFragments(
            identification: fragment.identity.identification, offset: place, first: Array(bytes[place..<end]),
            second: [UInt8](second.upTo(end - place)), firstPacket: earlier?.packet ?? packet, secondPacket: packet)
    }

    private mutating func grow(to count: Int) {
        if !latest.isEmpty { latest += [UInt8](repeating: 0, count: count - bytes.count) }
        bytes += [UInt8](repeating: 0, count: count - bytes.count)
        let words = (count + 511) / 512
        units += [UInt64](repeating: 0, count: max(0, words - units.count))
    }
}
