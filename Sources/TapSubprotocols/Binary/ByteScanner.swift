/// Reads numbers, texts and pieces of a payload, one after the other. A read that does not fit returns `nil` and moves
/// nothing.
package struct ByteScanner {
    private let bytes: ArraySlice<UInt8>
    package private(set) var index: Int

    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    package var remaining: Int { bytes.endIndex - index }
    package var isAtEnd: Bool { remaining == 0 }
    package var rest: ArraySlice<UInt8> { bytes[index...] }
    package var next: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

    package mutating func byte() -> UInt8? {
        guard index < bytes.endIndex else { return nil }
        defer { index += 1 }
        return bytes[index]
    }

    /// A number in network byte order.
    package mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
        let width = Number.bitWidth / 8
        guard remaining >= width else { return nil }
        var value: Number = 0
        for offset in 0..<width {
            value = (width == 1 ? 0 : value << 8) | Number(truncatingIfNeeded: bytes[index + offset])
        }
        index += width
        return value
    }

    package mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= remaining else { return nil }
        defer { index += count }
        return bytes[index..<(index + count)]
    }

    /// Bytes behind their length in two bytes.
    package mutating func prefixed16() -> ArraySlice<UInt8>? {
        let start = index
        guard let count = number(UInt16.self), let taken = take(Int(count)) else {
            index = start
            return nil
        }
        return taken
    }

    /// A number in groups of seven bits, the lowest first, of at most so many bytes.
    package mutating func variableLength(upTo limit: Int) -> UInt64? {
        var value: UInt64 = 0
        for offset in 0..<min(limit, remaining) {
            let byte = bytes[index + offset]
            let shift = UInt64(7 * offset)
            guard shift < 63 || byte <= 1 else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            guard byte & 0x80 != 0 else {
                index += offset + 1
                return value
            }
        }
        return nil
    }

    /// What lies before the next such byte, which is stepped over.
    package mutating func take(until end: UInt8) -> ArraySlice<UInt8>? {
        guard let place = rest.firstIndex(of: end) else { return nil }
        defer { index = place + 1 }
        return bytes[index..<place]
    }
}
