/// Text inside XML: escaped so that no byte off the wire can end an element, and none is there that XML 1.0 forbids.
enum XMLText {
    /// Controls, what is invisible, and what changes the direction of text are written as in a terminal; then the five
    /// characters that mean something to XML.
    static func escape(_ text: String) -> String {
        var output: [UInt8] = []
        for byte in TerminalText.escape(text).utf8 {
            switch byte {
            case UInt8(ascii: "&"): output += Array("&amp;".utf8)
            case UInt8(ascii: "<"): output += Array("&lt;".utf8)
            case UInt8(ascii: ">"): output += Array("&gt;".utf8)
            case UInt8(ascii: "\""): output += Array("&quot;".utf8)
            case UInt8(ascii: "'"): output += Array("&apos;".utf8)
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
