import TapCore
import TapSubprotocols

/// Bytes that were decoded, with where each of them came from.
struct DecodedText {
    private(set) var bytes: [UInt8] = []
    /// Where each byte begins in what was decoded, and at last where that ends.
    private var origins: [Int] = []
    /// So many bytes can be decoded only together.
    private var unit = 1

    private init(_ count: Int) {
        bytes.reserveCapacity(count)
        origins.reserveCapacity(count + 1)
    }

    /// Where decoded bytes lie in what they were decoded from.
    func origin(of range: Range<Int>) -> Range<Int> {
        guard unit > 1, let first = origins.first, let last = origins.last else {
            return origins[range.lowerBound]..<origins[range.upperBound]
        }
        let start = (origins[range.lowerBound] - first) / unit * unit
        let end = (origins[range.upperBound] - first + unit - 1) / unit * unit
        return first + start..<min(last, first + end)
    }

    private mutating func append(_ decoded: some Sequence<UInt8>, from origin: Int) {
        for byte in decoded {
            bytes.append(byte)
            origins.append(origin)
        }
    }

    /// `%41` is `A`. RFC 3986 §2.1. `nil` if nothing is encoded so.
    init?(percentEncoded text: ArraySlice<UInt8>) {
        self.init(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%"), let byte = DecodedText.byte(text[(index + 1)...]) {
                append([byte], from: index)
                index += 3
            } else {
                append([text[index]], from: index)
                index += 1
            }
        }
        origins.append(text.endIndex)
        if bytes.count == text.count { return nil }
    }

    /// What stands between the quotes of a string of JSON. RFC 8259 §7.
    init(escaped text: ArraySlice<UInt8>) {
        self.init(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let length = DecodedText.lengthOfEscape(text[index...])
            let isPlain = length == 1
            append(isPlain ? [text[index]] : DecodedText.characters(text[index..<(index + length)]), from: index)
            index += length
        }
        origins.append(text.endIndex)
    }

    /// `&quot;` is a quote. XML 1.0 §4.1, §4.6. `nil` if there is nothing of that.
    init?(withEntities text: ArraySlice<UInt8>) {
        self.init(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "&"), let (character, end) = DecodedText.entity(text[index...]) {
                append(String(character).utf8, from: index)
                index = end
            } else {
                append([text[index]], from: index)
                index += 1
            }
        }
        origins.append(text.endIndex)
        if bytes.count == text.count { return nil }
    }

    /// Base64 in either alphabet of RFC 4648, of which the beginning may be missing. `nil` if it is of no text.
    init?(base64 text: ArraySlice<UInt8>) {
        let isText = { (bytes: [UInt8]) in
            bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F || [0x09, 0x0A, 0x0D].contains($0) }
        }
        let start = (0..<4).first { skipped in
            DecodedText.decoded(text.dropFirst(skipped).prefix(DecodedText.base64Looked)).map(isText) ?? false
        }
        guard let start else { return nil }
        let rest = text.dropFirst(start)
        guard let decoded = DecodedText.decoded(rest) else { return nil }
        self.init(decoded.count)
        unit = 4
        for (index, byte) in decoded.enumerated() { append([byte], from: rest.startIndex + index / 3 * 4 + index % 3) }
        origins.append(rest.endIndex)
    }

    /// Letters that tell whether there is text behind them.
    static let base64Looked = 20

    private static func decoded(_ letters: ArraySlice<UInt8>) -> [UInt8]? {
        guard letters.count >= base64Looked else { return nil }
        let standard = letters.map {
            $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0
        }
        // One letter that is left is half a byte.
        let whole = standard.count % 4 == 1 ? standard.dropLast() : standard[...]
        return Base64.decode(whole + [UInt8](repeating: UInt8(ascii: "="), count: (4 - whole.count % 4) % 4))
    }

    static func isOfBase64(_ byte: UInt8) -> Bool {
        NameWords.isLetter(byte) || NameWords.isDigit(byte) || [0x2B, 0x2D, 0x2F, 0x5F].contains(byte)
    }

    /// UTF-16 in either order; what is no ASCII becomes a sign that stands for nothing. `nil` if it is anything else.
    init?(utf16 text: ArraySlice<UInt8>) {
        let units = text.prefix(16)
        let odd = units.indices.filter { ($0 - text.startIndex) % 2 == 1 }
        let even = units.indices.filter { ($0 - text.startIndex) % 2 == 0 }
        let isLittle = odd.dropFirst().allSatisfy { text[$0] == 0 } && even.dropFirst().allSatisfy { text[$0] != 0 }
        let isBig = even.dropFirst().allSatisfy { text[$0] == 0 } && odd.dropFirst().allSatisfy { text[$0] != 0 }
        guard units.count == 16, isLittle || isBig else { return nil }
        self.init(text.count / 2)
        for index in stride(from: text.startIndex, to: text.endIndex - 1, by: 2) {
            let (low, high) = isLittle ? (text[index], text[index + 1]) : (text[index + 1], text[index])
            append([high == 0 && low < 0x80 ? low : 0x1A], from: index)
        }
        origins.append(text.endIndex)
    }

    private static func byte(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count >= 2, let high = digit(digits[digits.startIndex]),
            let low = digit(digits[digits.startIndex + 1])
        else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// The length of an escape in bytes; 1 if absent. A pair of surrogates is one escape.
    private static func lengthOfEscape(_ text: ArraySlice<UInt8>) -> Int {
        guard text.first == UInt8(ascii: "\\"), text.count > 1 else { return 1 }
        guard text[text.startIndex + 1] == UInt8(ascii: "u"), text.count >= 6 else { return 2 }
        let isLead = text[text.startIndex + 2] | 0x20 == UInt8(ascii: "d")
        let isPair =
            isLead && text.count >= 12 && text[text.startIndex + 6] == UInt8(ascii: "\\")
            && text[text.startIndex + 7] == UInt8(ascii: "u")
        return isPair ? 12 : 6
    }

    private static func characters(_ escape: ArraySlice<UInt8>) -> [UInt8] {
        let quoted = [UInt8(ascii: "\"")] + escape + [UInt8(ascii: "\"")]
        return Array(JSONText.string(quoted[...]).utf8)
    }

    private static let longestEntity = 10

    private static func entity(_ text: ArraySlice<UInt8>) -> (Unicode.Scalar, end: Int)? {
        let part = text.dropFirst().prefix(longestEntity)
        guard let semicolon = part.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: part[..<semicolon], as: UTF8.self)
        let character: Unicode.Scalar? =
            switch name {
            case "quot": "\""
            case "apos": "'"
            case "amp": "&"
            case "lt": "<"
            case "gt": ">"
            case _ where name.hasPrefix("#x"): UInt32(name.dropFirst(2), radix: 16).flatMap { Unicode.Scalar($0) }
            case _ where name.hasPrefix("#"): UInt32(name.dropFirst()).flatMap { Unicode.Scalar($0) }
            default: nil
            }
        return character.map { ($0, semicolon + 1) }
    }
}
