/// Finds secrets in text, or in any bytes: JSON Web Tokens, what stands behind the name of a secret in a query, in JSON
/// or in a setting, bearer tokens, and passwords in URLs.
///
/// It rather finds too much than too little.
struct SecretScan {
    private let bytes: ArraySlice<UInt8>
    private(set) var secrets: [Range<Int>] = []

    /// Names are not looked for any further back.
    private static let longestName = 64
    /// Shorter ones are no token.
    private static let shortestToken = 16
    private static let shortestCredentials = 8

    /// The places of all secrets, in order; they do not overlap.
    static func secrets(in bytes: ArraySlice<UInt8>) -> [Range<Int>] {
        var scan = SecretScan(bytes: bytes)
        var place = bytes.startIndex
        while place < bytes.endIndex { place = scan.look(at: place) }
        return scan.secrets
    }

    private init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// Looks whether a secret begins near a place, and answers where to go on.
    private mutating func look(at place: Int) -> Int {
        switch bytes[place] {
        case UInt8(ascii: "e"): return note(token(at: place), elseAt: place)
        case UInt8(ascii: "="): return note(parameter(at: place), elseAt: place)
        case UInt8(ascii: ":"): return note(member(at: place) ?? userInformation(at: place), elseAt: place)
        case UInt8(ascii: " "): return note(bearer(at: place), elseAt: place)
        default: return place + 1
        }
    }

    private mutating func note(_ secret: Range<Int>?, elseAt place: Int) -> Int {
        guard let secret, !secret.isEmpty else { return place + 1 }
        secrets.append(secret)
        return secret.upperBound
    }

    /// `eyJ…`: the base64 of a JSON object, as a JSON Web Token begins and goes on behind dots. RFC 7519 §3.
    private func token(at place: Int) -> Range<Int>? {
        guard bytes[place...].starts(with: "eyJ".utf8) else { return nil }
        if place > bytes.startIndex, SecretScan.isOfName(bytes[place - 1]) { return nil }
        let end = bytes[place...].firstIndex { !SecretScan.isOfToken($0) } ?? bytes.endIndex
        return end - place >= SecretScan.shortestToken ? place..<end : nil
    }

    /// `name=value`
    private func parameter(at place: Int) -> Range<Int>? {
        let name = name(before: place)
        guard !name.isEmpty else { return nil }
        let before = name.startIndex > bytes.startIndex ? bytes[name.startIndex - 1] : UInt8(ascii: "?")
        let isInQuery = [UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "#")].contains(before)
        guard isInQuery ? SecretNames.isOfQuery(name) : SecretNames.isOfText(name) else { return nil }
        return place + 1..<(bytes[(place + 1)...].firstIndex(where: SecretScan.endsParameter) ?? bytes.endIndex)
    }

    /// `"name": "value"`, also in a text that is itself inside a string: `\"name\": \"value\"`.
    private func member(at place: Int) -> Range<Int>? {
        var quote = place - 1
        while quote >= bytes.startIndex, bytes[quote] == 0x20 { quote -= 1 }
        guard quote > bytes.startIndex, bytes[quote] == UInt8(ascii: "\"") else { return nil }
        let isNested = bytes[quote - 1] == UInt8(ascii: "\\")
        guard SecretNames.isOfText(name(before: isNested ? quote - 1 : quote)) else { return nil }
        var start = place + 1
        while start < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[start]) { start += 1 }
        if isNested, start < bytes.endIndex, bytes[start] == UInt8(ascii: "\\") { start += 1 }
        guard start < bytes.endIndex else { return nil }
        guard bytes[start] == UInt8(ascii: "\"") else {
            // A number, or a word without quotes.
            let end = bytes[start...].firstIndex { !SecretScan.isOfToken($0) } ?? bytes.endIndex
            return start..<end
        }
        start += 1
        var end = start
        while end < bytes.endIndex, bytes[end] != UInt8(ascii: "\"") {
            if bytes[end] == UInt8(ascii: "\\") {
                if isNested, end + 1 < bytes.endIndex, bytes[end + 1] == UInt8(ascii: "\"") { break }
                end += 1
            }
            end += 1
        }
        return start..<min(end, bytes.endIndex)
    }

    /// `Bearer value`. RFC 6750 §2.1.
    private func bearer(at place: Int) -> Range<Int>? {
        let name = name(before: place)
        guard name.count == 6, name.map({ $0 | 0x20 }).elementsEqual("bearer".utf8) else { return nil }
        let end = bytes[(place + 1)...].firstIndex { !SecretScan.isOfCredentials($0) } ?? bytes.endIndex
        return end - place > SecretScan.shortestCredentials ? place + 1..<end : nil
    }

    /// `://user:password@host`
    private func userInformation(at place: Int) -> Range<Int>? {
        let start = place + 3
        guard start < bytes.endIndex, bytes[place...].starts(with: "://".utf8) else { return nil }
        let end = bytes[start...].firstIndex { byte in
            SecretScan.endsParameter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
        }
        let at = bytes[start..<(end ?? bytes.endIndex)].lastIndex(of: UInt8(ascii: "@"))
        return at.map { start..<$0 }
    }

    private func name(before end: Int) -> ArraySlice<UInt8> {
        var start = end
        while start > bytes.startIndex, end - start < SecretScan.longestName, SecretScan.isOfName(bytes[start - 1]) {
            start -= 1
        }
        return bytes[start..<end]
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// base64url, and the dots between its parts.
    private static func isOfToken(_ byte: UInt8) -> Bool { isOfName(byte) || byte == UInt8(ascii: ".") }

    /// token68 of RFC 9110 §11.2.
    private static func isOfCredentials(_ byte: UInt8) -> Bool {
        isOfToken(byte) || [UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "=")].contains(byte)
    }

    private static func endsParameter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F, UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "#"), UInt8(ascii: "\""),
            UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"):
            true
        default: false
        }
    }
}
