/// One Huffman code of a DEFLATE block. RFC 1951 §3.2.2.
struct DeflateCode {
    /// What the next bits of the stream are.
    enum Reading {
        case symbol(Int, bits: Int)
        /// The bits at hand do not tell.
        case unfinished
        case invalid
    }

    /// By the next bits of the stream: a symbol, and in the lowest four bits how many of them it takes; 0 where it takes more.
    private var short = [UInt16](repeating: 0, count: 1 << DeflateCode.shortBits)
    /// How many symbols there are of each length.
    private var counts = [Int](repeating: 0, count: DeflateCode.longest + 1)
    /// The symbols in the order of their codes.
    private var symbols: [UInt16] = []
    private static let shortBits = 9
    private static let longest = 15

    static let fixedLiterals = DeflateCode(
        lengths: [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112)
            + [UInt8](repeating: 7, count: 24) + [UInt8](repeating: 8, count: 8))
    static let fixedDistances = DeflateCode(lengths: [UInt8](repeating: 5, count: 32))

    /// - Parameter lengths: of the code of each symbol, at most 15; 0 where it has none.
    init(lengths: some RandomAccessCollection<UInt8>) {
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        var starts = [Int](repeating: 0, count: DeflateCode.longest + 2)
        var codes = starts
        for length in 1...DeflateCode.longest {
            starts[length + 1] = starts[length] + counts[length]
            codes[length + 1] = (codes[length] + counts[length]) << 1
        }
        symbols = [UInt16](repeating: 0, count: starts[DeflateCode.longest + 1])
        for (symbol, length) in lengths.enumerated() where length > 0 {
            let length = Int(length)
            symbols[starts[length]] = UInt16(symbol)
            starts[length] += 1
            if length <= DeflateCode.shortBits { setShort(codes[length], of: length, to: symbol) }
            codes[length] += 1
        }
    }

    /// The stream has the bits of a code from its highest on, and other numbers from their lowest.
    private mutating func setShort(_ code: Int, of length: Int, to symbol: Int) {
        guard code >> length == 0 else { return }
        var reversed = 0
        for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
        for place in stride(from: reversed, to: short.count, by: 1 << length) {
            short[place] = UInt16(symbol << 4 | length)
        }
    }

    /// - Parameter count: how many of the bits are there.
    @inline(__always)
    func read(_ bits: UInt64, count: Int) -> Reading {
        let entry = Int(short[Int(truncatingIfNeeded: bits & UInt64(1 << DeflateCode.shortBits - 1))])
        guard entry == 0 || entry & 0xF > count else { return .symbol(entry >> 4, bits: entry & 0xF) }
        return entry == 0 ? readLong(bits, count: count) : .unfinished
    }

    /// The same code by code: of each length the codes follow one another.
    private func readLong(_ bits: UInt64, count: Int) -> Reading {
        var (code, first, index) = (0, 0, 0)
        for length in 1...DeflateCode.longest {
            guard length <= count else { return .unfinished }
            code |= Int(bits >> UInt64(length - 1) & 1)
            if code - first < counts[length] { return .symbol(Int(symbols[index + code - first]), bits: length) }
            index += counts[length]
            first = (first + counts[length]) << 1
            code <<= 1
        }
        return .invalid
    }
}
