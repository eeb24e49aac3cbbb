import TapCore
import TapHTTP
import TapWebSocket

/// Bytes where a frame must begin that may be those of another protocol: an HTTP message, a chunk's size, or a TLS record.
///
/// Their first byte begins no frame that the rules allow, so that to wait for the ones that decide costs nothing.
struct ForeignBytes {
    enum Answer: Equatable {
        case undecided
        /// They are none of these.
        case absent
        /// What they are, in words, and the text that shows it.
        case found(String, text: String)
    }

    private(set) var bytes: [UInt8] = []

    private static let status = Array("HTTP/1.".utf8)
    private static let methods = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "PATCH", "TRACE"]
        .map { Array("\($0) ".utf8) }
    /// The longest first line that is waited for.
    private static let longestLine = 2_048
    /// The longest of which is shown.
    private static let longestText = 256
    private static let mostDigits = 8

    /// Whether a byte may be their first: neither FIN nor an opcode that may stand alone.
    @inline(__always)
    static func mayBegin(with byte: UInt8) -> Bool { byte &- 0x14 < 0x54 }

    /// Whether the rules allow no frame that begins with a byte. RFC 6455 §5.2 and §5.5.
    static func isForbidden(_ byte: UInt8, _ agreed: AgreedExtensions) -> Bool {
        let opcode = Opcode(rawValue: byte & 0xF)
        return byte >> 4 & 0x7 & ~(agreed.reservedBits ?? 0x7) != 0 || opcode.isReserved
            || opcode.isControl && byte & 0x80 == 0
    }

    /// Takes bytes from `offset` on, as many as it takes to decide.
    mutating func read(_ span: RawSpan, from offset: inout Int, _ sender: Sender) -> Answer {
        while offset < span.byteCount {
            bytes.append(span.uint8(at: offset))
            offset += 1
            let answer = answer(sender, isOver: false)
            guard answer == .undecided else { return answer }
        }
        return .undecided
    }

    /// - Parameter isOver: whether no more will come.
    func answer(_ sender: Sender, isOver: Bool) -> Answer {
        let answers = [record, chunk, sender == .server ? response(isOver) : request]
        if let found = answers.first(where: { $0 != .absent && $0 != .undecided }) { return found }
        return answers.contains(.undecided) && !isOver ? .undecided : .absent
    }

    /// RFC 8446 §5.1: type, version and length.
    private var record: Answer {
        guard (0x14...0x17).contains(bytes[0]) else { return .absent }
        if bytes.count > 1, bytes[1] != 3 { return .absent }
        if bytes.count > 2, bytes[2] > 4 { return .absent }
        guard bytes.count >= 5 else { return .undecided }
        let length = Int(bytes[3]) << 8 | Int(bytes[4])
        return (1...0x4800).contains(length) ? .found("a TLS record", text: "") : .absent
    }

    /// RFC 9112 §7.1: a size in hexadecimal and an empty rest of the line, and here a frame behind it.
    private var chunk: Answer {
        let digits = bytes.prefix(while: ForeignBytes.isHexDigit)
        guard (1...ForeignBytes.mostDigits).contains(digits.count) else { return .absent }
        let rest = bytes[digits.count...]
        guard rest.prefix(2).elementsEqual([0x0D, 0x0A].prefix(rest.count)) else { return .absent }
        guard rest.count > 2, let first = rest.last else { return .undecided }
        guard !Opcode(rawValue: first & 0xF).isReserved, first & 0x30 == 0, digits.contains(where: { $0 != 0x30 })
        else {
            return .absent
        }
        return .found("a chunk of chunked transfer coding", text: ForeignBytes.text(digits))
    }

    private func response(_ isOver: Bool) -> Answer {
        let count = min(bytes.count, ForeignBytes.status.count)
        guard bytes.prefix(count) == ForeignBytes.status.prefix(count) else { return .absent }
        guard count == ForeignBytes.status.count,
            isOver || bytes.last == 0x0A || bytes.count == ForeignBytes.longestText
        else { return .undecided }
        return .found("an HTTP response", text: ForeignBytes.text(bytes[...]))
    }

    private var request: Answer {
        let mayBeRequest = ForeignBytes.methods.contains { method in
            let count = min(bytes.count, method.count)
            return bytes.prefix(count) == method.prefix(count)
        }
        guard mayBeRequest, bytes.count < ForeignBytes.longestLine else { return .absent }
        guard bytes.last == 0x0A else { return .undecided }
        return HTTPStream.looksLikeHead(bytes.span.bytes)
            ? .found("an HTTP request", text: ForeignBytes.text(bytes[...])) : .absent
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let line = bytes.prefix(longestText).prefix(while: { $0 != 0x0D && $0 != 0x0A })
        return String(decoding: line, as: UTF8.self)
    }
}
