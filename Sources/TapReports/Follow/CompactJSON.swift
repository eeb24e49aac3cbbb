/// JSON without the spaces and line ends between its tokens, for people who read much of it.
enum CompactJSON {
    /// The same JSON, shorter; `nil` where the text is none. It is not checked in full: what passes has its brackets and
    /// strings closed, and outside of strings nothing but what JSON is made of.
    static func bytes(of text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let first = text.first(where: { !isSpace($0) }), first == 0x7B || first == 0x5B else { return nil }
        var compact: [UInt8] = []
        compact.reserveCapacity(text.count)
        var open: [UInt8] = []
        var isInString = false
        var isEscaped = false
        var isAfterSpace = false
        for byte in text {
            if isInString {
                compact.append(byte)
                if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            if isSpace(byte) {
                isAfterSpace = true
                continue
            }
            // One value only, and no two words beside each other.
            guard !open.isEmpty || compact.isEmpty, isToken(byte),
                !isAfterSpace || isMark(byte) || compact.last.map(isMark) ?? true
            else { return nil }
            isAfterSpace = false
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open.append(byte + 2)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): guard open.popLast() == byte else { return nil }
            case UInt8(ascii: "\""): isInString = true
            default: break
            }
            compact.append(byte)
        }
        return open.isEmpty && !isInString ? compact : nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// What separates words.
    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"),
            UInt8(ascii: ","):
            true
        default: false
        }
    }

    /// What may stand outside of strings: marks, numbers, and the letters of `true`, `false` and `null`.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "E"), UInt8(ascii: "\""):
            true
        default: isMark(byte) || "truefalsn".utf8.contains(byte)
        }
    }
}
