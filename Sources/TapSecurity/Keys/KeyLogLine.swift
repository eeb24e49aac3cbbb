import TapCore

/// One line of a key log (RFC 9850 §2), without its end.
struct KeyLogLine {
    let label: KeyLogLabel
    /// What the secret is found by: a random, a session's id, or the beginning of an encrypted premaster secret.
    let name: [UInt8]
    private(set) var secret: [UInt8]

    /// What a line turned out to be.
    enum Reading {
        case secret(KeyLogLine)
        /// Blank, a comment, or a label that says nothing of records.
        case ignored
        /// A label that is known, and what follows is not as it must be.
        case malformed
    }

    static func read(_ line: RawSpan) -> Reading {
        var words = Words(line)
        guard let first = words.next(), first.uint8(at: 0) != UInt8(ascii: "#"), let label = label(of: first) else {
            return .ignored
        }
        guard var second = words.next() else { return .malformed }
        if label == .encryptedPremaster, second.starts(with: "Session-ID:") {
            second = second.from("Session-ID:".utf8.count)
            guard let third = words.next(), third.starts(with: "Master-Key:") else { return .malformed }
            return read(.sessionID, second, third.from("Master-Key:".utf8.count), isLast: words.next() == nil)
        }
        guard let third = words.next() else { return .malformed }
        return read(label, second, third, isLast: words.next() == nil)
    }

    /// Overwrites the secret.
    mutating func wipe() { Secret.wipe(&secret) }

    private static func read(_ label: KeyLogLabel, _ name: RawSpan, _ secret: RawSpan, isLast: Bool) -> Reading {
        guard isLast, let name = bytes(ofHex: name), let secret = bytes(ofHex: secret),
            label.allows(nameOf: name.count), label.allows(secretOf: secret.count)
        else { return .malformed }
        return .secret(KeyLogLine(label: label, name: name, secret: secret))
    }

    private static func label(of word: RawSpan) -> KeyLogLabel? {
        KeyLogLabel.allCases.first { word.byteCount == $0.name.utf8CodeUnitCount && word.starts(with: $0.name) }
    }

    private static func bytes(ofHex text: RawSpan) -> [UInt8]? {
        guard text.byteCount & 1 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.byteCount / 2)
        for index in stride(from: 0, to: text.byteCount, by: 2) {
            guard let high = Hex.value(ofDigit: text.uint8(at: index)),
                let low = Hex.value(ofDigit: text.uint8(at: index + 1))
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}

/// The words of a line, between blanks.
private struct Words: ~Escapable {
    private let line: RawSpan
    private var offset = 0

    @_lifetime(copy line)
    init(_ line: RawSpan) { self.line = line }

    @_lifetime(copy self)
    mutating func next() -> RawSpan? {
        while offset < line.byteCount, isBlank(line.uint8(at: offset)) { offset += 1 }
        let start = offset
        while offset < line.byteCount, !isBlank(line.uint8(at: offset)) { offset += 1 }
        guard offset > start else { return nil }
        return line.from(start).upTo(offset - start)
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

extension RawSpan {
    fileprivate func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard byteCount >= count else { return false }
        let letters = Array("\(text)".utf8)
        for index in 0..<count where uint8(at: index) != letters[index] { return false }
        return true
    }
}
