/// Whether bytes are one JSON value, to the letter of RFC 8259. Knows nothing of what they mean.
struct JSONCheck {
    private var bytes: ArraySlice<UInt8>

    static func isValue(_ bytes: [UInt8]) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var check = JSONCheck(bytes: bytes[...])
        guard check.value() else { return false }
        check.skipSpace()
        return check.bytes.isEmpty
    }

    private mutating func value() -> Bool {
        skipSpace()
        switch bytes.first {
        case UInt8(ascii: "{"): return members(closedBy: "}") { $0.string() && $0.take(":") && $0.value() }
        case UInt8(ascii: "["): return members(closedBy: "]") { $0.value() }
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "t"): return word("true")
        case UInt8(ascii: "f"): return word("false")
        case UInt8(ascii: "n"): return word("null")
        case _: return number()
        }
    }

    private mutating func members(closedBy end: Unicode.Scalar, _ member: (inout JSONCheck) -> Bool) -> Bool {
        bytes.removeFirst()
        if take(end) { return true }
        repeat {
            skipSpace()
            guard member(&self) else { return false }
        } while take(",")
        return take(end)
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): guard escape() else { return false }
            case 0..<0x20: return false
            case _: continue
            }
        }
        return false
    }

    private mutating func escape() -> Bool {
        switch bytes.popFirst() {
        case UInt8(ascii: "u"):
            let digits = bytes.prefix(4)
            bytes = bytes.dropFirst(4)
            return digits.count == 4 && digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        case let byte?: return "\"\\/bfnrt".utf8.contains(byte)
        case nil: return false
        }
    }

    /// RFC 8259 §6.
    private mutating func number() -> Bool {
        _ = takeOne("-")
        if !takeOne("0"), !digits() { return false }
        if takeOne("."), !digits() { return false }
        guard takeOne("e") || takeOne("E") else { return true }
        _ = takeOne("+") || takeOne("-")
        return digits()
    }

    private mutating func digits() -> Bool {
        let count = bytes.prefix { (0x30...0x39).contains($0) }.count
        bytes = bytes.dropFirst(count)
        return count > 0
    }

    private mutating func word(_ word: String) -> Bool {
        guard bytes.starts(with: word.utf8) else { return false }
        bytes = bytes.dropFirst(word.utf8.count)
        return true
    }

    /// Takes a sign, with the space before it.
    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        skipSpace()
        return takeOne(sign)
    }

    private mutating func takeOne(_ sign: Unicode.Scalar) -> Bool {
        guard bytes.first == UInt8(ascii: sign) else { return false }
        bytes.removeFirst()
        return true
    }

    private mutating func skipSpace() { bytes = bytes.drop { " \n\r\t".utf8.contains($0) } }
}
