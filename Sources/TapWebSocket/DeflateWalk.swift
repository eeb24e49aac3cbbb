import TapCore

/// Steps through DEFLATE data token by token without inflating it, to see how far back it refers. RFC 1951 §3.2.
///
/// zlib does not tell that: it finds whatever lies in its present output, however small the window. What zlib inflates
/// is walked to the same length; what it does not inflate may be walked to any.
package struct DeflateWalk {
    private enum State {
        case blockStart
        case storedLength
        case stored(rest: Int)
        case codeSizes
        /// The lengths of the codes for lengths of codes.
        case firstLengths
        case lengths
        case tokens
        case failed
    }

    private var state = State.blockStart
    private var isLastBlock = false
    /// Bits that were read and not used.
    private var bits: UInt64 = 0
    private var bitCount = 0
    private var literals = DeflateCode.fixedLiterals
    private var distances = DeflateCode.fixedDistances
    private var lengths: [UInt8] = []
    private var sizes = (literals: 0, distances: 0, first: 0)
    /// How many bytes the data stands for, since ``begin()``.
    package private(set) var length: UInt64 = 0
    /// How far back it refers at most, since ``begin()``.
    package private(set) var largestDistance = 0

    package init() {}

    /// A message begins; blocks that were not over go on.
    package mutating func begin() { (length, largestDistance) = (0, 0) }

    /// Walks on, up to the last token that is whole.
    package mutating func receive(_ bytes: RawSpan) {
        var offset = 0
        while step(bytes, &offset) {}
    }

    /// One step; answers whether there may be another with what is at hand.
    private mutating func step(_ bytes: RawSpan, _ offset: inout Int) -> Bool {
        refill(bytes, &offset)
        switch state {
        case .blockStart: return beginBlock()
        case .storedLength: return readStoredLength()
        case .stored(let rest): return skipStored(rest, bytes, &offset)
        case .codeSizes: return readCodeSizes()
        case .firstLengths: return readFirstLengths()
        case .lengths: return readLengths()
        case .tokens: return walkTokens(bytes, &offset)
        case .failed: return false
        }
    }

    private mutating func refill(_ bytes: RawSpan, _ offset: inout Int) {
        while bitCount <= 56, offset < bytes.byteCount {
            bits |= UInt64(bytes.uint8(at: offset)) << UInt64(bitCount)
            bitCount += 8
            offset += 1
        }
    }

    private mutating func take(_ count: Int) -> Int {
        let value = Int(truncatingIfNeeded: bits & (1 << UInt64(count) - 1))
        bits >>= UInt64(count)
        bitCount -= count
        return value
    }

    private mutating func fail() -> Bool {
        state = .failed
        return false
    }

    // MARK: Blocks

    private mutating func beginBlock() -> Bool {
        guard bitCount >= 3 else { return false }
        isLastBlock = take(1) == 1
        switch take(2) {
        case 0:
            _ = take(bitCount & 7)
            state = .storedLength
        case 1:
            (literals, distances) = (.fixedLiterals, .fixedDistances)
            state = .tokens
        case 2: state = .codeSizes
        default: return fail()
        }
        return true
    }

    /// After the last block, a stream begins anew with the next byte.
    private mutating func endBlock() {
        if isLastBlock { _ = take(bitCount & 7) }
        state = .blockStart
    }

    private mutating func readStoredLength() -> Bool {
        guard bitCount >= 32 else { return false }
        let (count, complement) = (take(16), take(16))
        guard count ^ complement == 0xFFFF else { return fail() }
        state = .stored(rest: count)
        return true
    }

    private mutating func skipStored(_ rest: Int, _ bytes: RawSpan, _ offset: inout Int) -> Bool {
        let ready = min(rest, bitCount / 8)
        for _ in 0..<ready { _ = take(8) }
        let more = min(rest - ready, bytes.byteCount - offset)
        offset += more
        length += UInt64(ready + more)
        state = .stored(rest: rest - ready - more)
        if rest == ready + more { endBlock() }
        return rest == ready + more
    }

    // MARK: Codes of a block's own

    private static let firstOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private mutating func readCodeSizes() -> Bool {
        guard bitCount >= 14 else { return false }
        sizes = (take(5) + 257, take(5) + 1, take(4) + 4)
        lengths = []
        state = .firstLengths
        return true
    }

    private mutating func readFirstLengths() -> Bool {
        while lengths.count < sizes.first {
            guard bitCount >= 3 else { return false }
            lengths.append(UInt8(take(3)))
            if bitCount < 3 { return true }
        }
        var ordered = [UInt8](repeating: 0, count: DeflateWalk.firstOrder.count)
        for (place, length) in lengths.enumerated() { ordered[DeflateWalk.firstOrder[place]] = length }
        literals = DeflateCode(lengths: ordered)
        lengths = []
        state = .lengths
        return true
    }

    private mutating func readLengths() -> Bool {
        guard lengths.count < sizes.literals + sizes.distances else {
            guard lengths.count == sizes.literals + sizes.distances else { return fail() }
            literals = DeflateCode(lengths: lengths[..<sizes.literals])
            distances = DeflateCode(lengths: lengths[sizes.literals...])
            state = .tokens
            return true
        }
        switch literals.read(bits, count: bitCount) {
        case .unfinished: return false
        case .invalid: return fail()
        case .symbol(let symbol, let used):
            let (extra, least) = symbol < 16 ? (0, 1) : symbol == 16 ? (2, 3) : symbol == 17 ? (3, 3) : (7, 11)
            guard bitCount >= used + extra else { return false }
            guard symbol != 16 || !lengths.isEmpty else { return fail() }
            _ = take(used)
            let length = symbol < 16 ? UInt8(symbol) : symbol == 16 ? lengths[lengths.count - 1] : 0
            lengths.append(contentsOf: repeatElement(length, count: least + take(extra)))
            return true
        }
    }

    // MARK: Tokens

    private static let lengthBases: [UInt16] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtras: [UInt8] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases: [UInt16] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1_025, 1_537, 2_049, 3_073,
        4_097,
        6_145, 8_193, 12_289, 16_385, 24_577,
    ]

    /// A token takes at most 48 bits, so that one is whole, or there are no more bytes.
    private mutating func walkTokens(_ bytes: RawSpan, _ offset: inout Int) -> Bool {
        while true {
            refill(bytes, &offset)
            switch literals.read(bits, count: bitCount) {
            case .unfinished: return false
            case .invalid: return fail()
            case .symbol(let symbol, let used) where symbol < 256:
                bits >>= UInt64(used)
                bitCount -= used
                length += 1
            case .symbol(256, let used):
                _ = take(used)
                endBlock()
                return true
            case .symbol(let symbol, let used):
                guard symbol - 257 < DeflateWalk.lengthBases.count else { return fail() }
                guard let goesOn = walkReference(symbol - 257, after: used) else { return fail() }
                guard goesOn else { return false }
            }
        }
    }

    /// Steps over a length and its distance; answers `false`, with nothing used, where they are not whole, and `nil` where
    /// there is no such distance.
    private mutating func walkReference(_ symbol: Int, after used: Int) -> Bool? {
        let lengthBits = Int(DeflateWalk.lengthExtras[symbol])
        let before = used + lengthBits
        guard bitCount >= before else { return false }
        switch distances.read(bits >> UInt64(before), count: bitCount - before) {
        case .unfinished: return false
        case .invalid: return nil
        case .symbol(let distance, let distanceUsed):
            guard distance < DeflateWalk.distanceBases.count else { return nil }
            let distanceBits = max(0, distance / 2 - 1)
            guard bitCount >= before + distanceUsed + distanceBits else { return false }
            _ = take(used)
            length += UInt64(Int(DeflateWalk.lengthBases[symbol]) + take(lengthBits))
            _ = take(distanceUsed)
            largestDistance = max(largestDistance, Int(DeflateWalk.distanceBases[distance]) + take(distanceBits))
            return true
        }
    }
}
