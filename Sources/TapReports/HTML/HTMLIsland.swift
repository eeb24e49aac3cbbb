/// JSON inside an HTML page.
enum HTMLIsland {
    /// Writes `<`, `>` and `&` as `\uXXXX`, so that nothing in a string can end the element that the JSON stands in, or
    /// begin a comment. Outside of strings JSON has none of them. HTML, §4.12.1.3.
    static func escape(_ output: inout [UInt8], from start: Int) {
        guard output[start...].contains(where: isMarkup) else { return }
        let plain = Array(output[start...])
        output.removeLast(plain.count)
        for byte in plain {
            switch byte {
            case UInt8(ascii: "<"): output += "\\u003c".utf8
            case UInt8(ascii: ">"): output += "\\u003e".utf8
            case UInt8(ascii: "&"): output += "\\u0026".utf8
            default: output.append(byte)
            }
        }
    }

    private static func isMarkup(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&")
    }
}
