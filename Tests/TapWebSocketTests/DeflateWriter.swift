/// Writes DEFLATE blocks with the fixed codes, reference by reference: zlib chooses its own. RFC 1951 §3.2.6.
struct DeflateWriter {
    private(set) var bytes: [UInt8] = []
    private var bitCount = 0

    /// The header of a block; its literals and references follow.
    mutating func begin(isLast: Bool = false) { write(isLast ? 0b011 : 0b010, count: 3) }

    mutating func literal(_ byte: UInt8) {
        byte < 144 ? writeCode(0x30 + Int(byte), count: 8) : writeCode(0x190 + Int(byte) - 144, count: 9)
    }

    /// Three bytes that stand so far back.
    mutating func reference(back distance: Int) {
        // 257 stands for three bytes.
        writeCode(1, count: 7)
        var (symbol, base) = (0, 1)
        while distance >= base + 1 << DeflateWriter.extraBits(symbol) {
            base += 1 << DeflateWriter.extraBits(symbol)
            symbol += 1
        }
        writeCode(symbol, count: 5)
        write(distance - base, count: DeflateWriter.extraBits(symbol))
    }

    mutating func end() { writeCode(0, count: 7) }

    /// The header of an empty stored block up to its byte, as a message ends whose tail is taken away. RFC 7692 §7.2.1.
    mutating func flush() {
        write(0, count: 3)
        bitCount = bytes.count * 8
    }

    private static func extraBits(_ symbol: Int) -> Int { max(0, symbol / 2 - 1) }

    /// A code goes from its highest bit on.
    private mutating func writeCode(_ code: Int, count: Int) {
        for bit in (0..<count).reversed() { write(code >> bit & 1, count: 1) }
    }

    private mutating func write(_ value: Int, count: Int) {
        for bit in 0..<count {
            if bitCount == bytes.count * 8 { bytes.append(0) }
            bytes[bitCount / 8] |= UInt8(value >> bit & 1) << UInt8(bitCount % 8)
            bitCount += 1
        }
    }
}
