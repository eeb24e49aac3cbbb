import TapCore

/// References to files and to rules, as URIs. RFC 3986.
enum URIText {
    /// A path as a URI reference, with all but unreserved characters and slashes as `%NN`.
    static func reference(to path: String) -> String {
        guard path != "-" else { return "stdin" }
        var output = Array((path.hasPrefix("/") ? "file://" : "").utf8)
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                output.append(byte)
            default:
                output.append(UInt8(ascii: "%"))
                Hex.append(byte, to: &output)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Where a rule such as `RFC 6455 §5.1` can be read; `nil` for anything else.
    static func rule(_ reference: String) -> String? {
        let parts = reference.split(separator: " ")
        guard parts.count == 3, parts[0] == "RFC", parts[2].hasPrefix("§") else { return nil }
        return "https://www.rfc-editor.org/rfc/rfc\(parts[1])#section-\(parts[2].dropFirst())"
    }
}
