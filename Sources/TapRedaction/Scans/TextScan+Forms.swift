/// Values that do not stand right behind a name and a sign.
extension TextScan {
    /// `name="password"` in the head of a part of a form, at its sign: what follows the head's end. RFC 7578 §4.2.
    func formPart(at sign: Int) -> Range<Int>? {
        guard bytes[..<sign].suffix(5).elementsEqual(" name".utf8),
            bytes[..<sign].suffix(80).firstRange(of: Array("form-data;".utf8)) != nil,
            bytes[(sign + 1)...].first == UInt8(ascii: "\"")
        else { return nil }
        let name = bytes[(sign + 2)...].prefix(NameWords.longestName).prefix { $0 != UInt8(ascii: "\"") }
        guard names.isSecret(name),
            let head = bytes[name.endIndex...].prefix(TextScan.longestHead).firstRange(of: Array("\r\n\r\n".utf8))
        else { return nil }
        let rest = bytes[head.upperBound...]
        return head.upperBound..<(rest.firstRange(of: Array("\r\n--".utf8))?.lowerBound ?? bytes.endIndex)
    }

    private static let longestHead = 512

    /// `s:8:"password";s:5:"value"`, as PHP writes members, at the semicolon between them.
    func serialized(at semicolon: Int) -> Range<Int>? {
        guard bytes[(semicolon + 1)...].starts(with: "s:".utf8),
            let name = SettingName(before: semicolon, in: bytes), name.isQuoted, names.isSecret(bytes[name.range])
        else { return nil }
        let length = bytes[(semicolon + 3)...].prefix(9).prefix { NameWords.isDigit($0) }
        guard bytes[length.endIndex...].starts(with: ":\"".utf8) else { return nil }
        let count = length.reduce(0) { $0 * 10 + Int($1 & 15) }
        return length.endIndex + 2..<min(bytes.endIndex, length.endIndex + 2 + count)
    }

    /// A user and a password behind the name of the mechanism, each behind a NUL, at one of these. RFC 4616 §2. AMQP and other
    /// protocols have a length in between.
    func plainLogin(at index: Int) -> Range<Int>? {
        let before = bytes[..<index].suffix(TextScan.longestMechanism)
        guard before.firstRange(of: Array("PLAIN".utf8)) != nil else { return nil }
        let login = bytes[(index + 1)...].prefix { $0 == 0 || $0 >= 0x20 }
        guard login.first != 0, login.contains(0) else { return nil }
        return login.startIndex..<login.endIndex
    }

    private static let longestMechanism = 10

    /// A text of BSON behind its name, at the NUL that ends this. https://bsonspec.org/spec.html
    func bsonText(at end: Int) -> Range<Int>? {
        let name = bytes[..<end].suffix(NameWords.longestName).suffix(while: NameWords.isOfName)
        guard !name.isEmpty, bytes[..<name.startIndex].last == 2, names.isSecret(name), bytes.endIndex - end > 5 else {
            return nil
        }
        let count = bytes[(end + 1)...].prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return end + 5..<min(bytes.endIndex, end + 5 + max(0, count - 1))
    }

    /// A user property of MQTT 5, §2.2.2.2, at its identifier: a name and a value, each behind its length.
    func userProperty(at index: Int) -> Range<Int>? {
        let rest = bytes[(index + 1)...]
        guard rest.first == 0, rest.count > 4 else { return nil }
        let name = rest.dropFirst(2).prefix(Int(rest[rest.startIndex + 1]))
        let length = bytes[name.endIndex...].prefix(2)
        guard names.isSecret(name), length.count == 2 else { return nil }
        let count = length.reduce(0) { $0 << 8 | Int($1) }
        return length.endIndex..<min(bytes.endIndex, length.endIndex + count)
    }

    /// `login ann password x`, as .netrc has it; `curl -u ann:x`, `sshpass -p x`, at the space before the last word.
    func login(at space: Int) -> Range<Int>? {
        let word = bytes[..<space].suffix(TextScan.longestOption).suffix(while: { $0 > 0x20 })
        guard TextScan.loginOptions.contains(where: { word.elementsEqual($0.utf8) }) else { return nil }
        let value = bytes[(space + 1)...].prefix { $0 > 0x20 && !SettingName.isQuote($0) }
        let before = bytes[..<word.startIndex].suffix(TextScan.longestCommand).split { $0 <= 0x20 }
            .map { String(decoding: $0, as: UTF8.self) }
        switch String(decoding: word, as: UTF8.self) {
        case "password":
            return before.dropLast().last == "login" ? value.startIndex..<value.endIndex : nil
        case "-p":
            return before.last == "sshpass" ? value.startIndex..<value.endIndex : nil
        default:
            return value.firstIndex(of: UInt8(ascii: ":")).map { $0 + 1..<value.endIndex }
        }
    }

    private static let loginOptions = ["password", "-p", "-u", "--user", "--proxy-user"]
    private static let longestOption = 16
    private static let longestCommand = 160

    /// `IDENTIFIED BY 'x'` and `WITH PASSWORD 'x'` of SQL, at the quote.
    func statement(at quote: Int) -> Range<Int>? {
        guard bytes[..<quote].last == 0x20 else { return nil }
        let words = bytes[..<quote].suffix(TextScan.longestStatement).split { $0 <= 0x20 }
            .map { String(decoding: $0, as: UTF8.self).lowercased() }
        guard let last = words.last, last == "password" || last == "by" && words.dropLast().last == "identified" else {
            return nil
        }
        return quote + 1..<(bytes[(quote + 1)...].firstIndex(of: bytes[quote]) ?? bytes.endIndex)
    }

    private static let longestStatement = 32

    /// `setItem("token", "x")`, at the comma between the two arguments.
    func callArgument(at comma: Int) -> Range<Int>? {
        guard let name = SettingName(before: comma, in: bytes), name.isQuoted, names.isSecret(bytes[name.range]),
            bytes[..<name.range.lowerBound].dropLast().last == UInt8(ascii: "("),
            let quote = bytes[(comma + 1)...].firstIndex(where: { !SettingName.isSpace($0) }),
            SettingName.isQuote(bytes[quote])
        else { return nil }
        guard let end = bytes[(quote + 1)...].firstIndex(of: bytes[quote]) else {
            return isOpen ? quote + 1..<bytes.endIndex : nil
        }
        return bytes[(end + 1)...].first == UInt8(ascii: ")") ? quote + 1..<end : nil
    }

    /// `/token/x` in a path, at the second slash, where x is no word.
    func pathStep(at slash: Int) -> Range<Int>? {
        let name = bytes[..<slash].suffix(NameWords.longestName).suffix(while: LoginScheme.isOfName)
        guard bytes[..<name.startIndex].last == bytes[slash], name.last != UInt8(ascii: "s"), names.isSecret(name)
        else {
            return nil
        }
        let step = bytes[(slash + 1)...].prefix(while: LoginScheme.isOfName)
        let isCut = isOpen && step.endIndex == bytes.endIndex
        return isCut || NameWords.isRandom(step) ? step.startIndex..<step.endIndex : nil
    }

    /// Whether a line `value: …` follows one that names it: `- name: DB_PASSWORD`.
    func isNamedInLineBefore(_ value: SettingName, _ sign: Int) -> Bool {
        guard bytes[sign] == UInt8(ascii: ":"), value.beginsLine, bytes[value.range].elementsEqual("value".utf8),
            let lineEnd = bytes[..<value.range.lowerBound].lastIndex(of: 0x0A)
        else { return false }
        let line = bytes[..<lineEnd].suffix(2 * NameWords.longestName).suffix(while: { $0 != 0x0A })
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
        guard parts.count == 2, ["name", "key"].contains(String(decoding: TextScan.trimmed(parts[0]), as: UTF8.self))
        else { return false }
        return names.isSecret(TextScan.trimmed(parts[1]))
    }

    /// Without spaces, the sign of a list, and quotes around it.
    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isAround = { (byte: UInt8) in byte <= 0x20 || byte == UInt8(ascii: "-") || SettingName.isQuote(byte) }
        let rest = text.drop(while: isAround)
        return rest.dropLast(rest.reversed().prefix(while: isAround).count)
    }
}

extension ArraySlice {
    /// The longest end of which all elements are such.
    func suffix(while isWanted: (Element) -> Bool) -> ArraySlice {
        suffix(from: lastIndex { !isWanted($0) }.map { $0 + 1 } ?? startIndex)
    }
}
