/// A key of a terminal, as far as `wstap top` knows it.
package enum TopKey: Equatable, Sendable {
    case character(Character)
    case up, down, left, right, pageUp, pageDown, home, end
    case enter, escape, backspace
    /// Ctrl-Z.
    case suspend
}

/// Makes keys of the bytes that a terminal sends, wherever they are cut. ECMA-48 §5.4; xterm, "PC-Style Function Keys".
package struct TopKeyReader: Sendable {
    /// What may be the beginning of a key.
    private var pending: [UInt8] = []
    /// No sequence that means anything here is longer.
    private static let longest = 16
    private static let escape: UInt8 = 0x1B

    package init() {}

    /// Takes bytes, and answers the keys that are complete.
    package mutating func receive(_ bytes: ArraySlice<UInt8>) -> [TopKey] {
        pending += bytes
        var keys: [TopKey] = []
        var rest = pending[...]
        while let (key, length) = TopKeyReader.first(of: rest) {
            if let key { keys.append(key) }
            rest = rest.dropFirst(length)
        }
        pending = Array(rest)
        return keys
    }

    /// Nothing follows for now: an ESC that stands alone is the key.
    package mutating func settle() -> [TopKey] {
        defer { pending = [] }
        return pending == [TopKeyReader.escape] ? [.escape] : []
    }

    /// The first key and how many bytes it has; `nil` where more must come. What means nothing here is no key.
    private static func first(of bytes: ArraySlice<UInt8>) -> (TopKey?, Int)? {
        guard let byte = bytes.first else { return nil }
        switch byte {
        case escape: return sequence(bytes)
        case 0x0A, 0x0D: return (.enter, 1)
        case 0x08, 0x7F: return (.backspace, 1)
        case 0x1A: return (.suspend, 1)
        case 0..<0x20: return (nil, 1)
        case 0x20..<0x7F: return (.character(Character(Unicode.Scalar(byte))), 1)
        case _: return character(bytes)
        }
    }

    /// A character of several bytes. RFC 3629 §3.
    private static func character(_ bytes: ArraySlice<UInt8>) -> (TopKey?, Int)? {
        guard let byte = bytes.first else { return nil }
        let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
        guard length > 1 else { return (nil, 1) }
        let tail = bytes.dropFirst().prefix(length - 1)
        guard tail.allSatisfy({ $0 & 0xC0 == 0x80 }) else { return (nil, 1) }
        guard tail.count == length - 1 else { return nil }
        guard let text = String(validating: bytes.prefix(length), as: UTF8.self), let only = text.first else {
            return (nil, length)
        }
        return (.character(only), length)
    }

    private static func sequence(_ bytes: ArraySlice<UInt8>) -> (TopKey?, Int)? {
        let body = bytes.dropFirst()
        guard let kind = body.first else { return nil }
        switch kind {
        case UInt8(ascii: "["):
            guard let end = body.dropFirst().firstIndex(where: { !(0x20...0x3F).contains($0) }) else {
                return bytes.count > longest ? (nil, bytes.count) : nil
            }
            let length = end - bytes.startIndex + 1
            guard (0x40...0x7E).contains(bytes[end]) else { return (nil, length - 1) }
            return (key(of: body.dropFirst()[..<end], final: bytes[end]), length)
        case UInt8(ascii: "O"):
            guard let final = body.dropFirst().first else { return nil }
            return (key(of: [], final: final), 3)
        // The key itself, and another one soon after it.
        case _: return (.escape, 1)
        }
    }

    private static func key(of parameters: ArraySlice<UInt8>, final: UInt8) -> TopKey? {
        switch (final, String(decoding: parameters, as: UTF8.self)) {
        case (UInt8(ascii: "A"), _): .up
        case (UInt8(ascii: "B"), _): .down
        case (UInt8(ascii: "C"), _): .right
        case (UInt8(ascii: "D"), _): .left
        case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): .home
        case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): .end
        case (UInt8(ascii: "~"), "5"): .pageUp
        case (UInt8(ascii: "~"), "6"): .pageDown
        case (UInt8(ascii: "M"), ""): .enter
        case _: nil
        }
    }
}
