/// The base64 alphabet of RFC 4648 §4.
public enum Base64 {
    private static let alphabet = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    public static func append(_ bytes: RawSpan, to output: inout [UInt8]) {
        output.reserveCapacity(output.count + (bytes.byteCount + 2) / 3 * 4)
        var offset = 0
        while offset < bytes.byteCount {
            let left = bytes.byteCount - offset
            let first = UInt32(bytes.uint8(at: offset))
            let second = left > 1 ? UInt32(bytes.uint8(at: offset + 1)) : 0
            let third = left > 2 ? UInt32(bytes.uint8(at: offset + 2)) : 0
            let group = first << 16 | second << 8 | third
            output.append(alphabet[Int(group >> 18 & 63)])
            output.append(alphabet[Int(group >> 12 & 63)])
            output.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : padding)
            output.append(left > 2 ? alphabet[Int(group & 63)] : padding)
            offset += 3
        }
    }

    public static func string(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        append(bytes.span.bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Decodes padded base64, or answers `nil` where the text is anything else.
    /// Bits that padding leaves unused may have any value; see ``isCanonical(_:)``.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decode(bytes: Array(text)) }

    private static func decode(bytes text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let paddings = text.suffix(2).reversed().prefix { $0 == padding }.count
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        for index in 0..<text.count - paddings {
            guard let value = value(of: text[index]) else { return nil }
            group = group << 6 | value
            if index % 4 == 3 {
                output.append(UInt8(group >> 16 & 0xFF))
                output.append(UInt8(group >> 8 & 0xFF))
                output.append(UInt8(group & 0xFF))
                group = 0
            }
        }
        switch paddings {
        case 1: output += [UInt8(group >> 10 & 0xFF), UInt8(group >> 2 & 0xFF)]
        case 2: output.append(UInt8(group >> 4 & 0xFF))
        default: break
        }
        return output
    }

    /// Whether decoding and encoding again gives the same text: RFC 4648 §3.5 wants the unused bits to be zero.
    public static func isCanonical(_ text: String) -> Bool {
        decode(text.utf8).map { string($0) == text } ?? false
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
