import TapHTTP

/// Reads the parts of one extension, each with the white space that follows it. RFC 6455 §9.1.
struct ExtensionScanner {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        skipBlanks()
    }

    var isAtEnd: Bool { offset == bytes.count }

    private var next: UInt8? { isAtEnd ? nil : bytes[offset] }

    /// Steps over a sign, if it is the next one.
    mutating func take(_ sign: UInt8) -> Bool {
        guard next == sign else { return false }
        offset += 1
        skipBlanks()
        return true
    }

    mutating func token() -> String? {
        let start = offset
        while let next, !ExtensionScanner.endsToken(next) { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        skipBlanks()
        return HTTPText.isToken(text) ? text : nil
    }

    /// A token, or one as a quoted string: it must be a token once its quotes and backslashes are gone.
    mutating func value() -> String? {
        guard next == UInt8(ascii: "\"") else { return token() }
        offset += 1
        var content: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                skipBlanks()
                let text = String(decoding: content, as: UTF8.self)
                return HTTPText.isToken(text) ? text : nil
            case UInt8(ascii: "\\"):
                guard let escaped = next else { return nil }
                offset += 1
                content.append(escaped)
            default: content.append(byte)
            }
        }
        return nil
    }

    private mutating func skipBlanks() {
        while let next, ExtensionScanner.isBlank(next) { offset += 1 }
    }

    private static func endsToken(_ byte: UInt8) -> Bool {
        isBlank(byte) || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "=")
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
