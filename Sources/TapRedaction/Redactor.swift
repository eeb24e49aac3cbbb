import TapHTTP

/// Takes secrets out of texts, and remembers them, so that what quotes them can be treated as well.
struct Redactor {
    /// What stands in a text for a secret. It is a token (RFC 9110 §5.6.2), so that lists stay lists.
    static let mark = "REDACTED"

    /// Shorter ones would be found in innocent words.
    private static let shortestRemembered = 8
    private static let mostRemembered = 32

    private(set) var secrets: [String] = []

    /// A text without the secrets that can be seen in it, and without those that are known.
    mutating func text(_ text: String) -> String { replaced(quoting(text)) }

    /// A secret.
    mutating func secret(_ text: String) -> String {
        guard !text.isEmpty else { return text }
        if text.utf8.count >= Redactor.shortestRemembered, text != Redactor.mark, !secrets.contains(text),
            secrets.count < Redactor.mostRemembered
        {
            secrets.append(text)
        }
        return Redactor.mark
    }

    mutating func fields(_ fields: HTTPFields) -> HTTPFields {
        HTTPFields(fields.all.map { HTTPField(name: text($0.name), value: value(of: $0)) })
    }

    private mutating func value(of field: HTTPField) -> String {
        if HTTPText.equalsIgnoringCase(field.name, "Cookie") { return cookies(field.value) }
        if HTTPText.equalsIgnoringCase(field.name, "Set-Cookie") { return cookie(field.value) }
        if HTTPText.equalsIgnoringCase(field.name, "Sec-WebSocket-Protocol") { return protocols(field.value) }
        return SecretNames.isOfField(field.name) ? credentials(field.value) : text(field.value)
    }

    /// The scheme stays: it tells which kind of login was tried.
    private mutating func credentials(_ value: String) -> String {
        guard let space = value.firstIndex(of: " ") else { return secret(value) }
        return value[...space] + secret(String(value[value.index(after: space)...]))
    }

    /// Names stay.
    private mutating func cookies(_ value: String) -> String {
        value.split(separator: ";", omittingEmptySubsequences: false).map { pair($0) }.joined(separator: ";")
    }

    /// The name and the attributes stay.
    private mutating func cookie(_ value: String) -> String {
        let parts = value.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        let attributes = parts.count > 1 ? ";" + text(String(parts[1])) : ""
        return parts.first.map { pair($0) + attributes } ?? value
    }

    private mutating func pair(_ text: Substring) -> String {
        guard let sign = text.firstIndex(of: "=") else { return secret(String(text)) }
        return text[...sign] + secret(String(text[text.index(after: sign)...]))
    }

    /// Clients that cannot set header fields send their token as a subprotocol, behind a word that announces it or in one
    /// with it.
    private mutating func protocols(_ value: String) -> String {
        var isAnnounced = false
        let elements = value.split(separator: ",", omittingEmptySubsequences: false).map { element in
            let name = HTTPText.trimmed(String(element))
            let announces = SecretNames.announcesToken(name)
            let isToken = isAnnounced || !announces && name.lowercased().contains("bearer")
            isAnnounced = announces
            return (element.hasPrefix(" ") ? " " : "") + (isToken ? secret(name) : text(name))
        }
        return elements.joined(separator: ",")
    }

    private mutating func quoting(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let found = SecretScan.secrets(in: bytes[...])
        guard !found.isEmpty else { return text }
        var output: [UInt8] = []
        var place = 0
        for range in found {
            output += bytes[place..<range.lowerBound]
            output += Array(secret(String(decoding: bytes[range], as: UTF8.self)).utf8)
            place = range.upperBound
        }
        return String(decoding: output + bytes[place...], as: UTF8.self)
    }

    private func replaced(_ text: String) -> String {
        var text = text
        for secret in secrets where text.contains(secret) { text = text.replacing(secret, with: Redactor.mark) }
        return text
    }
}
