import TapCore
import TapWebSocket

/// How common the bytes that may begin a frame are among those around it: what is common there proves nothing.
struct Surroundings {
    /// Every byte that may begin a frame has a class of its own, and so have the two longer forms of a length.
    private var counts = InlineArray<16, UInt32>(repeating: 0)
    private var readable: UInt32 = 0
    private var total: UInt32 = 0

    /// More of one segment tell no more.
    private static let mostOfSegment = 512
    /// Counts are halved where they are many, so that what came last counts most.
    private static let mostBytes: UInt32 = 1 << 20
    /// Bytes that were not seen are taken to be as common as among so many random ones.
    private static let prior: UInt32 = 16
    /// A byte of random ones is worth eight bits, one that is no character of a text is worth more beside texts.
    private static let mostBits = 8
    private static let mostBitsInText = 10
    private static let zero = 1
    fileprivate static let length16 = 14
    fileprivate static let length64 = 15
    private static let printable: UInt32 = 95

    mutating func note(_ bytes: RawSpan) {
        let noted = bytes.upTo(Surroundings.mostOfSegment)
        for index in 0..<noted.byteCount {
            let byte = noted.uint8(at: index)
            counts[Surroundings.place(of: byte)] += 1
            if Surroundings.isReadable(byte) { readable += 1 }
        }
        total += UInt32(noted.byteCount)
        if total > Surroundings.mostBytes { halve() }
    }

    /// How unlikely it is that a byte that begins a frame is anything else, in bits; negative where it is likely.
    /// - Parameter own: those of frames that are counted already.
    func weight(ofFirst byte: UInt8, besides own: borrowing OwnBytes) -> Int {
        let place = Surroundings.place(of: byte)
        guard place > 0 else { return Surroundings.mostBits - Surroundings.cost(ofFirst: place) }
        return bits(place, besides: own[place], isReadable: Surroundings.isReadable(byte))
            - Surroundings.cost(ofFirst: place)
    }

    /// The same of the form of a length.
    func weight(ofLength header: FrameHeader, besides own: borrowing OwnBytes) -> Int {
        switch header.length - (header.isMasked ? 4 : 0) {
        case 2: 0
        case 4: bits(Surroundings.length16, besides: own[Surroundings.length16], isReadable: true) - 4
        // The upper half of it is zero.
        default:
            bits(Surroundings.length64, besides: own[Surroundings.length64], isReadable: false) - 6
                + 4 * min(7, bits(Surroundings.zero, besides: 0, isReadable: false))
        }
    }

    /// Whether a byte is so common that to look whether it begins a frame is no use.
    func isCommon(_ byte: UInt8) -> Bool {
        let place = Surroundings.place(of: byte)
        return place > 0 && counts[place] > total / 2
    }

    /// What readable characters of a text are worth: a bit each at most, and next to nothing beside other texts.
    func weight(ofReadable count: Int) -> Int {
        let eighths = min(8, Surroundings.eighths(total + Surroundings.prior, readable + Surroundings.prior / 3))
        return count * eighths / 8
    }

    /// What a byte is worth that is as common as those of its class, but for itself and others that are counted.
    private func bits(_ place: Int, besides own: UInt32, isReadable: Bool) -> Int {
        var others = counts[place] - min(counts[place], own + 1)
        if isReadable { others = max(others, readable / Surroundings.printable) }
        let ratio = UInt64(total + Surroundings.prior) * 16 / UInt64(16 * others + 1)
        let isText = total >= 64 && readable >= total - total / 8
        return min(isText ? Surroundings.mostBitsInText : Surroundings.mostBits, Surroundings.logarithm(ratio))
    }

    /// How rare it is among frames that they begin so.
    private static func cost(ofFirst place: Int) -> Int {
        switch place {
        case 5, 6: 2
        case 12, 13: 3
        case 7, 8, 9: 4
        case 1, 2, 3, 4, 10, 11: 5
        default: 6
        }
    }

    fileprivate static func place(of byte: UInt8) -> Int {
        switch byte {
        case 0x00: zero
        case 0x01: 2
        case 0x02: 3
        case 0x80: 4
        case 0x81: 5
        case 0x82: 6
        case 0x88: 7
        case 0x89: 8
        case 0x8A: 9
        case 0x41: 10
        case 0x42: 11
        case 0xC1: 12
        case 0xC2: 13
        case 0x7E, 0xFE: length16
        case 0x7F, 0xFF: length64
        default: 0
        }
    }

    static func isReadable(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// The logarithm to the base of two, rounded down.
    static func logarithm(_ value: UInt64) -> Int { value == 0 ? 0 : 63 - value.leadingZeroBitCount }

    /// That of a ratio, in eighths of a bit.
    private static func eighths(_ value: UInt32, _ of: UInt32) -> Int {
        let ratio = UInt64(value) << 16 / UInt64(of)
        let whole = logarithm(ratio)
        return (whole - 16) * 8 + Int((ratio << 3) >> UInt64(whole)) - 8
    }

    private mutating func halve() {
        for place in counts.indices { counts[place] /= 2 }
        (readable, total) = (readable / 2, total / 2)
    }
}

/// The bytes of frames that count for themselves: a stream of nothing but pings is no reason to doubt the next one.
struct OwnBytes {
    private var counts = InlineArray<16, UInt16>(repeating: 0)

    subscript(place: Int) -> UInt32 { UInt32(counts[place]) }

    mutating func note(_ header: FrameHeader, _ firstByte: UInt8) {
        counts[Surroundings.place(of: firstByte)] &+= 1
        switch header.length - (header.isMasked ? 4 : 0) {
        case 2: break
        case 4: counts[Surroundings.length16] &+= 1
        default: counts[Surroundings.length64] &+= 1
        }
    }
}
