import TapCore
import TapSubprotocols
import TapWebSocket

/// Takes secrets out of texts and payloads, and remembers those of a connection, so that what quotes them can be treated as well.
struct Redactor: Sendable {
    /// What stands in a text for a secret. It is a token (RFC 9110 §5.6.2), so that lists stay lists.
    static let mark = "REDACTED"

    /// Shorter ones would be found in innocent words.
    private static let shortestRemembered = 8
    private static let mostRemembered = 64
    /// Connections whose secrets are remembered.
    private static let mostConnections = 4_096

    let names: SecretNames
    /// What addresses become; `nil` where they stay.
    private(set) var addresses: AddressMap?
    /// How many secrets were taken out of what was captured; what only quotes them is not counted.
    private(set) var count: UInt64 = 0
    /// Whether the texts that are given are what was captured.
    var isOriginal = false

    private var connection = 0
    private var secrets: [String] = []
    private var others: [Int: [String]] = [:]

    init(_ names: SecretNames, _ addresses: AddressMap?) { (self.names, self.addresses) = (names, addresses) }

    /// What follows is about a connection.
    mutating func begin(_ connection: Int) {
        guard connection != self.connection else { return }
        if !secrets.isEmpty {
            if others.count >= Redactor.mostConnections { others.removeAll() }
            others[self.connection] = secrets
        }
        self.connection = connection
        secrets = others.removeValue(forKey: connection) ?? []
    }

    /// Nothing more is said about the connection.
    mutating func end() { (connection, secrets) = (0, []) }

    /// A text without the secrets that can be seen in it, and without those that are known.
    mutating func text(_ text: String) -> String { replaced(marked(text)) }

    /// The same as it is shown, with other addresses.
    mutating func shown(_ text: String) -> String { withOtherAddresses(self.text(text)) }

    /// A secret.
    mutating func secret(_ text: String) -> String {
        guard !text.isEmpty, text != Redactor.mark else { return text }
        if isOriginal { count &+= 1 }
        for form in Redactor.forms(of: text) where form.utf8.count >= Redactor.shortestRemembered {
            if !secrets.contains(form), secrets.count < Redactor.mostRemembered { secrets.append(form) }
        }
        return Redactor.mark
    }

    mutating func endpoint(_ endpoint: Endpoint) -> Endpoint { addresses?.endpoint(for: endpoint) ?? endpoint }

    mutating func id(_ id: ConnectionID) -> ConnectionID { addresses?.id(for: id) ?? id }

    mutating func withOtherAddresses(_ text: String) -> String {
        guard addresses != nil else { return text }
        let bytes = Array(text.utf8)
        let found = AddressScan.addresses(in: bytes[...])
        guard !found.isEmpty else { return text }
        var output: [UInt8] = []
        var index = 0
        for (place, address) in found {
            output += bytes[index..<place.lowerBound]
            output += Array((addresses?.address(for: address) ?? address).description.utf8)
            index = place.upperBound
        }
        return String(decoding: output + bytes[index...], as: UTF8.self)
    }

    /// A secret as it is written, and as it reads once its escapes are decoded.
    static func forms(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        var forms = [text]
        if bytes.contains(UInt8(ascii: "%")), let decoded = DecodedText(percentEncoded: bytes[...]) {
            forms.append(String(decoding: decoded.bytes, as: UTF8.self))
        }
        if bytes.contains(UInt8(ascii: "\\")) {
            forms.append(String(decoding: DecodedText(escaped: bytes[...]).bytes, as: UTF8.self))
        }
        return forms
    }

    private mutating func marked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let found = SecretScan.secrets(in: bytes[...], names, isOpen: false)
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

/// Payloads are made unreadable where they lie: every length stays what it was.
extension Redactor {
    /// Puts stars in place of secrets and of addresses; answers where the secrets are.
    /// - Parameter isOpen: whether the bytes may be cut at their end.
    @discardableResult
    mutating func hideSecrets(in range: Range<Int>, of bytes: inout [UInt8], isOpen: Bool) -> [Range<Int>] {
        let found = SecretScan.secrets(in: bytes[range], names, isOpen: isOpen)
        for secret in found { hide(secret, of: &bytes) }
        if addresses != nil {
            for (place, _) in AddressScan.addresses(in: bytes[range]) { Redactor.blank(place, of: &bytes) }
        }
        return found
    }

    /// Puts stars in place of one secret.
    mutating func hide(_ secret: Range<Int>, of bytes: inout [UInt8]) {
        // What was hidden before, as a part of something else, is no secret any more.
        guard bytes[secret].contains(where: { $0 != UInt8(ascii: "*") }) else { return }
        if isOriginal { count &+= 1 }
        Redactor.blank(secret, of: &bytes)
    }

    /// Puts stars in place of everything.
    static func blank(_ range: Range<Int>, of bytes: inout [UInt8]) {
        for index in range { bytes[index] = UInt8(ascii: "*") }
    }
}
