/// Finds secrets in any text: what stands behind the name of one and `=` or `:`, quoted or not, as in forms, queries, header fields,
/// cookies, settings, arguments of GraphQL and dictionaries of many languages; credentials behind their scheme, passwords in
/// URLs, and tokens of known forms.
struct TextScan {
    let bytes: ArraySlice<UInt8>
    let names: SecretNames
    /// Whether the text may go on behind its end.
    let isOpen: Bool
    private var found: [Range<Int>] = []
    /// Up to where all was looked at.
    private var done = 0

    init(_ bytes: ArraySlice<UInt8>, _ names: SecretNames, isOpen: Bool) {
        (self.bytes, self.names, self.isOpen) = (bytes, names, isOpen)
    }

    /// The places of all secrets, in order.
    mutating func secrets() -> [Range<Int>] {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            look(at: index)
            index = max(index + 1, done)
        }
        return found
    }

    private mutating func look(at index: Int) {
        switch bytes[index] {
        case UInt8(ascii: "="):
            guard !take(setting(at: index)) else { return }
            note(formPart(at: index))
        case UInt8(ascii: ":"):
            guard !take(setting(at: index)) else { return }
            note(userInformation(at: index) ?? TokenShape.botToken(around: index, of: bytes, isOpen: isOpen))
        case UInt8(ascii: " "), 0x09: note(credentials(at: index) ?? argument(at: index) ?? login(at: index))
        case UInt8(ascii: "'"): note(statement(at: index))
        case UInt8(ascii: ","): note(callArgument(at: index))
        case UInt8(ascii: "/"): note(pathStep(at: index))
        case UInt8(ascii: ";"): note(serialized(at: index))
        case UInt8(ascii: "&"): note(userProperty(at: index))
        case 0: note(plainLogin(at: index) ?? bsonText(at: index))
        case UInt8(ascii: "-"): note(TokenShape.privateKey(at: index, of: bytes))
        default: note(TokenShape.token(at: index, of: bytes, isOpen: isOpen))
        }
    }

    private mutating func note(_ range: Range<Int>?) {
        guard let range, !range.isEmpty else { return }
        found.append(range)
        done = range.upperBound
    }

    /// Takes what was found in a value; answers whether there was one.
    private mutating func take(_ value: SettingValue.Found?) -> Bool {
        guard let value else { return false }
        for range in value.secrets where !range.isEmpty { found.append(range) }
        done = value.end
        return true
    }

    /// `name=value`, `name: value`, `"name": "value"` and the like, at the sign between them.
    private func setting(at sign: Int) -> SettingValue.Found? {
        guard let name = SettingName(before: sign, in: bytes), !isHost(name, sign) else { return nil }
        let isQuery = bytes[sign] == UInt8(ascii: "=") && !name.isQuoted && isInQuery(name, sign)
        var secrecy = names.secrecy(of: bytes[name.range], in: isQuery ? .query : .text)
        if case .none = secrecy, let longer = name.withWordBefore(in: bytes) {
            secrecy = names.secrecy(of: bytes[longer], in: .text)
        }
        if case .none = secrecy, isNamedInLineBefore(name, sign) { secrecy = .all }
        if case .none = secrecy { return nil }
        let value = SettingValue(
            behind: sign, of: bytes[name.range], in: bytes, isQuoted: name.isQuoted, isQuery: isQuery,
            isLine: name.beginsLine && bytes[sign] == UInt8(ascii: ":"), isOpen: isOpen)
        return value.found(secrecy)
    }

    /// Whether a name is that of a host, and a port follows, or it is a part of a longer name, as in `token::parse`.
    private func isHost(_ name: SettingName, _ sign: Int) -> Bool {
        guard bytes[sign] == UInt8(ascii: ":"), !name.isQuoted else { return false }
        let next = bytes[(sign + 1)...].prefix(1)
        // In lines of LDIF, RFC 2849, base64 stands behind two colons and a space.
        if next.first == UInt8(ascii: ":") { return !name.beginsLine || bytes[(sign + 2)...].first != 0x20 }
        let isInURL = bytes[..<name.range.lowerBound].suffix(2).elementsEqual("//".utf8)
        return isInURL && next.contains(where: NameWords.isDigit)
    }

    /// Whether a name is one of a query or a form: short words are common for secrets there.
    private func isInQuery(_ name: SettingName, _ sign: Int) -> Bool {
        if name.beginsLine {
            let end = bytes[sign...].firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: "&") } ?? bytes.endIndex
            return end == bytes.endIndex ? name.range.lowerBound == bytes.startIndex : bytes[end] == UInt8(ascii: "&")
        }
        switch bytes[name.range.lowerBound - 1] {
        case UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "#"): return true
        default: return false
        }
    }

    /// `--password value`, as programs are told, at the space between them.
    private func argument(at space: Int) -> Range<Int>? {
        let word = bytes[..<space].suffix(NameWords.longestName)
        let name = word.suffix(while: LoginScheme.isOfName)
        guard name.starts(with: "--".utf8), names.isSecret(name) else { return nil }
        let rest = bytes[(space + 1)...]
        if let quote = rest.first, SettingName.isQuote(quote) {
            return rest.startIndex + 1..<(rest.dropFirst().firstIndex(of: quote) ?? bytes.endIndex)
        }
        let value = rest.prefix { $0 > 0x20 && !SettingName.isQuote($0) }
        return value.first == UInt8(ascii: "-") ? nil : value.startIndex..<value.endIndex
    }

    /// `://user:password@host`
    private func userInformation(at colon: Int) -> Range<Int>? {
        let start = colon + 3
        guard start < bytes.endIndex, bytes[colon...].starts(with: "://".utf8) else { return nil }
        let end = bytes[start...].firstIndex { byte in
            switch byte {
            case 0...0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"),
                UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"):
                true
            default: false
            }
        }
        let authority = bytes[start..<(end ?? bytes.endIndex)]
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { return start..<at }
        // What is cut may be a password, unless it is a port.
        guard isOpen, end == nil, let sign = authority.firstIndex(of: UInt8(ascii: ":")),
            !authority[(sign + 1)...].allSatisfy(NameWords.isDigit)
        else { return nil }
        return start..<authority.endIndex
    }

    /// `Bearer value` and other schemes, at the space between them.
    private func credentials(at space: Int) -> Range<Int>? {
        let word = bytes[..<space].suffix(LoginScheme.longest + 1)
        let name = word.suffix(while: LoginScheme.isOfName)
        guard let scheme = LoginScheme(name), name.startIndex > word.startIndex || name.startIndex == bytes.startIndex
        else { return nil }
        return scheme.credentials(from: space + 1, of: bytes, isOpen: isOpen)
    }
}
