import TapCore

/// A message of Protocol Buffers as its fields, without a schema: `{1: "abc", 2: 42}`.
/// https://protobuf.dev/programming-guides/encoding/
///
/// Which type a field has cannot be known, and nearly anything short parses: it is for payloads of which somebody says that
/// they are messages.
public enum ProtobufTree {
    private static let deepest = 16
    private static let mostFields = 4_096

    /// The fields on one line, cut at a limit in bytes; `nil` where the payload is no message.
    public static func text(_ payload: ArraySlice<UInt8>, upTo limit: Int = 4_096) -> String? {
        var count = 0
        var output: [UInt8] = []
        guard write(payload, to: &output, depth: 0, limit, &count) else { return nil }
        return Excerpt.text(output, upTo: limit)
    }

    private static func write(
        _ payload: ArraySlice<UInt8>, to output: inout [UInt8], depth: Int, _ limit: Int, _ count: inout Int
    ) -> Bool {
        var scanner = ByteScanner(payload)
        output.append(UInt8(ascii: "{"))
        var isFirst = true
        while !scanner.isAtEnd {
            count += 1
            guard count <= mostFields, let key = scanner.variableLength(upTo: 5), key >> 3 > 0, key >> 3 < 1 << 29
            else {
                return false
            }
            if !isFirst { output += ", ".utf8 }
            isFirst = false
            output += "\(key >> 3): ".utf8
            switch key & 7 {
            case 0:
                guard let number = scanner.variableLength(upTo: 10) else { return false }
                output += "\(number)".utf8
            case 1:
                guard let bits = scanner.number(UInt64.self)?.byteSwapped else { return false }
                output += "\(Double(bitPattern: bits))".utf8
            case 2:
                guard let length = scanner.variableLength(upTo: 5), let bytes = scanner.take(Int(clamping: length))
                else {
                    return false
                }
                write(field: bytes, to: &output, depth: depth, limit, &count)
            case 5:
                guard let bits = scanner.number(UInt32.self)?.byteSwapped else { return false }
                output += "\(Float(bitPattern: bits))".utf8
            default: return false
            }
        }
        output.append(UInt8(ascii: "}"))
        return true
    }

    /// Text where it reads like text, else a message where it is one, else bytes.
    private static func write(
        field bytes: ArraySlice<UInt8>, to output: inout [UInt8], depth: Int, _ limit: Int, _ count: inout Int
    ) {
        guard output.count <= limit else { return }
        let isText = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F } && String(validating: bytes, as: UTF8.self) != nil
        if isText {
            output.append(UInt8(ascii: "\""))
            output += bytes.prefix(limit)
            output.append(UInt8(ascii: "\""))
            return
        }
        let (length, fields) = (output.count, count)
        if depth < deepest, write(bytes, to: &output, depth: depth + 1, limit, &count) { return }
        output.removeLast(output.count - length)
        count = min(count, fields + 16)
        output += "h'".utf8
        for byte in bytes.prefix(64) { Hex.append(byte, to: &output) }
        output += bytes.count > 64 ? "…'".utf8 : "'".utf8
    }
}
