import TapCore

/// A scheme by which credentials are written: `Basic dXNlcjpwYXNz`. RFC 9110 §11, and those that others have made.
struct LoginScheme {
    private enum Kind {
        /// Base64 of a user and a password. RFC 7617.
        case basic
        /// Base64 of a user and a password behind the name of the mechanism, or the command. RFC 4616, RFC 4954 §4.
        case plain
        /// One word. RFC 6750 §2.1.
        case word(isCapital: Bool)
        /// One long word: shorter ones may be words of a sentence.
        case longWord
        /// Parameters, up to the end of the line.
        case parameters
    }

    private let kind: Kind

    static let longest = 24

    /// - Parameter name: in any case.
    init?(_ name: ArraySlice<UInt8>) {
        guard (3...LoginScheme.longest).contains(name.count) else { return nil }
        let isCapital = name.first.map(NameWords.isCapital) ?? false
        switch String(decoding: name, as: UTF8.self).lowercased() {
        case "basic": kind = .basic
        case "plain", "authenticate": kind = .plain
        case "bearer", "dpop", "ssws", "geniekey", "apikey": kind = .word(isCapital: isCapital)
        case "negotiate", "ntlm", "token", "jwt", "vapid", "privatetoken": kind = .longWord
        case "digest", "hawk", "oauth", "gnap", "signature", "mutual", "aws4-hmac-sha256", "aws4-ecdsa-p256-sha256",
            "scram-sha-1", "scram-sha-256", "sharedaccesssignature", "hmac-sha256":
            kind = .parameters
        default: return nil
        }
    }

    /// What begins behind a scheme in a text, where it can be nothing else.
    func credentials(from start: Int, of bytes: ArraySlice<UInt8>, isOpen: Bool) -> Range<Int>? {
        let word = word(from: start, of: bytes)
        let isCut = word.upperBound == bytes.endIndex ? isOpen : bytes[word.upperBound...].starts(with: "…".utf8)
        switch kind {
        case .basic: return LoginScheme.isPair(bytes[word]) || LoginScheme.isMixed(bytes[word]) ? word : nil
        case .plain: return LoginScheme.isPair(bytes[word]) ? word : nil
        case .word(let isCapital):
            guard word.count >= 8 || isCut else { return nil }
            return isCapital || LoginScheme.isNoWord(bytes[word]) ? word : nil
        case .longWord:
            return word.count >= (isCut ? 8 : 16) && LoginScheme.isNoWord(bytes[word]) ? word : nil
        case .parameters:
            let line = LoginScheme.line(from: start, of: bytes)
            return bytes[line].prefix(64).contains(UInt8(ascii: "=")) ? line : nil
        }
    }

    /// What stands behind a scheme where a name says that credentials follow.
    func named(from start: Int, of bytes: ArraySlice<UInt8>) -> Range<Int> {
        if case .parameters = kind { return LoginScheme.line(from: start, of: bytes) }
        let word = word(from: start, of: bytes)
        // `Token token=value`
        return word.upperBound < bytes.endIndex && bytes[word.upperBound] == UInt8(ascii: "\"")
            ? LoginScheme.line(from: start, of: bytes) : word
    }

    /// token68 of RFC 9110 §11.2.
    private func word(from start: Int, of bytes: ArraySlice<UInt8>) -> Range<Int> {
        start..<(bytes[start...].firstIndex { !LoginScheme.isOfCredentials($0) } ?? bytes.endIndex)
    }

    /// Up to the end of the line, or of the string that it stands in.
    private static func line(from start: Int, of bytes: ArraySlice<UInt8>) -> Range<Int> {
        let isInString =
            start - bytes.startIndex > 1
            && bytes[..<start].suffix(longest + 2).contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
        var isQuoted = false
        var index = start
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == 0x0A || byte == 0x0D || byte == 0 { break }
            if byte == UInt8(ascii: "\"") {
                if isInString, !isQuoted, index > start, bytes[index - 1] != UInt8(ascii: "=") { break }
                isQuoted.toggle()
            }
            index += 1
        }
        return start..<index
    }

    static func isOfName(_ byte: UInt8) -> Bool {
        NameWords.isLetter(byte) || NameWords.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isOfCredentials(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
            UInt8(ascii: ":"):
            true
        default: isOfName(byte)
        }
    }

    /// Whether a word is none of a language.
    private static func isNoWord(_ word: ArraySlice<UInt8>) -> Bool {
        word.count >= 24 || word.dropFirst().dropLast().contains { !NameWords.isLetter($0) || NameWords.isCapital($0) }
    }

    /// Whether a long word has letters and digits.
    private static func isMixed(_ word: ArraySlice<UInt8>) -> Bool {
        word.count >= 12 && word.contains(where: NameWords.isDigit) && word.contains(where: NameWords.isLetter)
    }

    /// Whether base64 has a colon or a NUL in it, as a user and a password have between them; a part of it is enough.
    private static func isPair(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.count >= 4 else { return false }
        let whole = word.prefix(word.count / 4 * 4)
        guard let decoded = Base64.decode(whole) else { return false }
        return (decoded.contains(UInt8(ascii: ":")) || decoded.contains(0))
            && decoded.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0 }
    }
}
