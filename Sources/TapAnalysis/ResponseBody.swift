import TapCore
import TapHTTP
import TapWebSocket

/// The beginning of what a server says in a response, decoded: one that refuses an upgrade mostly says why.
public final class ResponseBody: Sendable {
    /// Bytes that are kept.
    public static let limit = 1_024

    public let bytes: [UInt8]
    /// Whether there was more, or may have been.
    public let isTruncated: Bool

    package init(_ bytes: [UInt8], isTruncated: Bool) {
        self.bytes = bytes
        self.isTruncated = isTruncated
    }

    /// - Parameters:
    ///   - wire: the body's beginning as it was sent.
    ///   - isCut: whether something of it is missing behind that.
    /// - Returns: `nil` where there is nothing, or where it is coded in another way than by DEFLATE.
    convenience init?(_ wire: [UInt8], of head: HTTPHead, _ framing: HTTPBodyFraming, isCut: Bool) {
        var body: [UInt8]
        var isWhole: Bool
        switch framing {
        case .none: return nil
        case .length(let length):
            body = Array(wire.prefix(Int(clamping: length)))
            isWhole = UInt64(body.count) == length
        case .chunked: (body, isWhole) = ResponseBody.joined(wire)
        case .untilEnd: (body, isWhole) = (wire, !isCut)
        }
        let codings = head.fields.list("Content-Encoding").filter { $0.lowercased() != "identity" }
        if let name = codings.first {
            guard codings.count == 1, let coding = ContentCoding(named: name),
                let inflated = coding.inflate(body, upTo: ResponseBody.limit + 1)
            else { return nil }
            (body, isWhole) = inflated
        }
        guard !body.isEmpty else { return nil }
        self.init(Array(body.prefix(ResponseBody.limit)), isTruncated: !isWhole || body.count > ResponseBody.limit)
    }

    /// Takes the chunks out of a chunked body. RFC 9112 §7.1.
    private static func joined(_ wire: [UInt8]) -> (bytes: [UInt8], isWhole: Bool) {
        var rest = wire[...]
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: 0x0A) {
            // What follows the size is an extension, or the end of the line.
            let digits = rest[..<end].prefix { Hex.value(ofDigit: $0) != nil }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return (body, false) }
            guard size > 0 else { return (body, true) }
            rest = rest[(end + 1)...]
            body += rest.prefix(size)
            guard rest.count > size, let line = rest.dropFirst(size).firstIndex(of: 0x0A) else { return (body, false) }
            rest = rest[(line + 1)...]
        }
        return (body, false)
    }
}
