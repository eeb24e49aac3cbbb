/// The value behind a name and a sign, in the many ways in which values are written.
struct SettingValue {
    /// What of a value is secret, and up to where it was looked at.
    struct Found {
        var secrets: [Range<Int>]
        let end: Int
    }

    private let bytes: ArraySlice<UInt8>
    private let name: ArraySlice<UInt8>
    private let start: Int
    private let isQuery: Bool
    private let isAfterColon: Bool
    /// Whether it goes on to the end of its line, as in a header field.
    private let isLine: Bool
    /// Whether the text may go on behind its end.
    private let isOpen: Bool
    private let hasScheme: Bool
    private let areCookies: Bool

    /// - Parameter isLine: whether the name begins its line, with a colon behind it.
    init(
        behind sign: Int, of name: ArraySlice<UInt8>, in bytes: ArraySlice<UInt8>, isQuoted: Bool, isQuery: Bool,
        isLine: Bool, isOpen: Bool
    ) {
        self.bytes = bytes
        self.name = name
        self.isQuery = isQuery
        hasScheme = SecretNames.hasScheme(name)
        areCookies = SecretNames.areCookies(name)
        isAfterColon = bytes[sign] == UInt8(ascii: ":")
        self.isLine = isLine
        self.isOpen = isOpen
        var start = sign + 1
        // `=>`, `==`, `:=` and `::` are signs, too.
        if start < bytes.endIndex,
            bytes[start] == UInt8(ascii: ">") || bytes[start] == UInt8(ascii: "=")
                || isAfterColon && bytes[start] == bytes[sign]
        {
            start += 1
        }
        while start < bytes.endIndex,
            SettingName.isSpace(bytes[start]) || isQuoted && [0x0A, 0x0D].contains(bytes[start])
        {
            start += 1
        }
        self.start = start
    }

    /// What of it is secret; `nil` if nothing is.
    func found(_ secrecy: SecretNames.Secrecy) -> Found? {
        guard start < bytes.endIndex else { return nil }
        if let block { return Found(secrets: [block], end: block.upperBound) }
        switch bytes[start] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if case .scalars = secrecy, bytes[start] == UInt8(ascii: "{") { return nil }
            return group(secrecy)
        default:
            guard let value = single(secrecy), !OpenValue.isTrivial(bytes[value]) else { return nil }
            return Found(secrets: [value], end: value.upperBound)
        }
    }

    /// `password: |` and lines behind it that are indented, as YAML has them.
    private var block: Range<Int>? {
        guard isAfterColon, bytes[start] == UInt8(ascii: "|") || bytes[start] == UInt8(ascii: ">") else { return nil }
        let rest = bytes[(start + 1)...].drop { NameWords.isDigit($0) || [0x2B, 0x2D, 0x20, 0x0D].contains($0) }
        guard rest.first == 0x0A else { return nil }
        let indent = rest.dropFirst().prefix { SettingName.isSpace($0) }
        guard !indent.isEmpty else { return nil }
        var end = bytes[indent.endIndex...].firstIndex(of: 0x0A) ?? bytes.endIndex
        while true {
            let next = bytes[end...].drop { $0 == 0x0A }
            guard next.starts(with: indent) else { break }
            end = next.firstIndex(of: 0x0A) ?? bytes.endIndex
        }
        return indent.endIndex..<end
    }

    private func single(_ secrecy: SecretNames.Secrecy) -> Range<Int>? {
        var index = start
        while index < bytes.endIndex, index - start < 16, bytes[index] == UInt8(ascii: "\\") { index += 1 }
        if index < bytes.endIndex, SettingName.isQuote(bytes[index]) {
            return withoutScheme(quoted(from: index, escapes: index - start))
        }
        // A variable of GraphQL that has the same name says nothing.
        if bytes[start] == UInt8(ascii: "$"), bytes[(start + 1)...].starts(with: name) { return nil }
        if name.first == UInt8(ascii: "$"), isAfterColon { return nil }
        let value = withoutScheme(start..<endOfBare)
        if case .texts = secrecy, OpenValue.isNumber(bytes[value]) { return nil }
        return value
    }

    /// The scheme stays: it tells which kind of login was tried.
    private func withoutScheme(_ value: Range<Int>) -> Range<Int> {
        guard hasScheme, let space = bytes[value].prefix(LoginScheme.longest + 1).firstIndex(of: 0x20),
            LoginScheme(bytes[value.lowerBound..<space]) != nil
        else { return value }
        return space + 1..<value.upperBound
    }

    /// What stands between quotes, of which each has so many backslashes before it, as in a string in a string.
    private func quoted(from quote: Int, escapes: Int) -> Range<Int> {
        let sign = bytes[quote]
        var start = quote + 1
        let isTriple = escapes == 0 && bytes[start...].starts(with: [sign, sign])
        if isTriple { start += 2 }
        var backslashes = 0
        var index = start
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\\") {
                backslashes += 1
            } else {
                let ends = escapes == 0 ? backslashes % 2 == 0 : backslashes <= escapes
                if byte == sign, ends, !isTriple || bytes[index...].starts(with: [sign, sign, sign]) {
                    return start..<(escapes == 0 ? index : max(start, index - backslashes))
                }
                backslashes = 0
            }
            index += 1
        }
        return start..<bytes.endIndex
    }

    /// The texts and numbers in brackets.
    private func group(_ secrecy: SecretNames.Secrecy) -> Found {
        var leaves: [Range<Int>] = []
        var depth = 0
        var index = start
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return Found(secrets: leaves, end: index) }
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let escapes = bytes[..<index].suffix(16).reversed().prefix { $0 == UInt8(ascii: "\\") }.count
                let text = quoted(from: index, escapes: escapes)
                let end = min(bytes.endIndex, bytes[text.upperBound...].firstIndex(of: bytes[index]) ?? bytes.endIndex)
                if !isName(before: end + 1), !OpenValue.isTrivial(bytes[text]) { leaves.append(text) }
                index = end
            case let byte where NameWords.isOfName(byte):
                let end = bytes[index...].firstIndex { SettingValue.endsBareInGroup($0) } ?? bytes.endIndex
                let isOpen =
                    if case .texts = secrecy { OpenValue.isNumber(bytes[index..<end]) } else { false }
                if !isName(before: end), !OpenValue.isTrivial(bytes[index..<end]), !isOpen {
                    leaves.append(index..<end)
                }
                index = end - 1
            default: break
            }
            index += 1
        }
        return Found(secrets: leaves, end: bytes.endIndex)
    }

    /// Whether a colon follows.
    private func isName(before end: Int) -> Bool {
        guard end < bytes.endIndex else { return false }
        return bytes[end...].prefix(8).first { !SettingName.isSpace($0) } == UInt8(ascii: ":")
    }

    private static func endsBareInGroup(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: "\""),
            UInt8(ascii: "\\"):
            true
        default: false
        }
    }

    /// Where a value without quotes ends.
    private var endOfBare: Int {
        if let end = endOfLine { return end }
        if areCookies {
            return bytes[start...].firstIndex { $0 < 0x20 || $0 == UInt8(ascii: "\"") } ?? bytes.endIndex
        }
        var index = start
        while index < bytes.endIndex, !ends(at: index) { index += 1 }
        guard hasScheme, index < bytes.endIndex, bytes[index] == 0x20, let scheme = LoginScheme(bytes[start..<index])
        else { return index }
        return scheme.named(from: index + 1, of: bytes).upperBound
    }

    /// The end of the line where the value goes on to it.
    private var endOfLine: Int? {
        guard isLine else { return nil }
        let isRest = isOpen || NameWords.words(of: name).last == "authorization"
        return bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D || $0 == 0 } ?? (isRest ? bytes.endIndex : nil)
    }

    private func ends(at index: Int) -> Bool {
        let next = index + 1 < bytes.endIndex ? bytes[index + 1] : 0x20
        let isLast = next <= 0x20
        let isWord = NameWords.isLetter(next) || NameWords.isDigit(next)
        switch bytes[index] {
        case 0...0x20, 0x7F: return true
        case UInt8(ascii: "&"): return !isAfterColon
        case UInt8(ascii: "#"): return isQuery
        case UInt8(ascii: ";"): return isQuery || isLast || isName(after: index)
        case UInt8(ascii: ","): return !isQuery && (isLast || SettingName.isQuote(next) || isName(after: index))
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"): return !isQuery && !isWord
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): return !isWord
        case UInt8(ascii: "<"): return next == UInt8(ascii: "/") || next == UInt8(ascii: "!")
        case UInt8(ascii: ">"): return !isWord
        case UInt8(ascii: "\\"): return [UInt8(ascii: "n"), 0x72, 0x74, UInt8(ascii: "\""), 0x27].contains(next)
        default: return false
        }
    }

    /// Whether another name and its sign follow.
    private func isName(after index: Int) -> Bool {
        let rest = bytes[(index + 1)...].prefix(64).drop { SettingName.isSpace($0) || SettingName.isQuote($0) }
        let word = rest.prefix { NameWords.isOfName($0) }
        guard !word.isEmpty, let sign = bytes[word.endIndex...].first else { return false }
        return sign == UInt8(ascii: "=") || sign == UInt8(ascii: ":")
    }
}
