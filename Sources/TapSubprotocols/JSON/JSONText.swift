/// What strings of JSON say. RFC 8259 §7.
package enum JSONText {
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// What a string with its quotes says; a lone surrogate, and what is not UTF-8, becomes U+FFFD.
    package static func string(_ text: ArraySlice<UInt8>) -> String {
        let inside = text.dropFirst().dropLast()
        guard inside.contains(backslash) else { return String(decoding: inside, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(inside.count)
        var rest = inside
        while let byte = rest.popFirst() {
            guard byte == backslash, let letter = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            if letter == UInt8(ascii: "u") {
                bytes += Array(String(scalar(&rest)).utf8)
            } else {
                bytes.append(plain(letter) ?? letter)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func plain(_ letter: UInt8) -> UInt8? {
        switch letter {
        case quote, backslash, UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The number that four digits begin with.
    private static func unit(_ text: ArraySlice<UInt8>) -> UInt16? {
        let digits = text.prefix(4)
        guard digits.count == 4 else { return nil }
        var unit: UInt16 = 0
        for byte in digits {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// The character of `\u`, which may take a second one.
    private static func scalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        guard let first = unit(rest) else { return replacement }
        rest = rest.dropFirst(4)
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) ?? replacement }
        guard rest.starts(with: [backslash, UInt8(ascii: "u")]), let second = unit(rest.dropFirst(2)),
            UTF16.isTrailSurrogate(second)
        else { return replacement }
        rest = rest.dropFirst(6)
        let value = 0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF
        return Unicode.Scalar(value) ?? replacement
    }
}
