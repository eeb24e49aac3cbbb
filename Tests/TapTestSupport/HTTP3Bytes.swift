import TapCore

/// Writes frames of HTTP/3 and field sections that refer to no table. RFC 9114 §7, RFC 9204 §4.5.
package enum HTTP3Bytes {
    package static func frame(_ type: UInt64, _ payload: [UInt8]) -> [UInt8] {
        QUICBytes.integer(type) + QUICBytes.integer(UInt64(payload.count)) + payload
    }

    package static func data(_ payload: [UInt8]) -> [UInt8] { frame(0, payload) }

    package static func headers(_ fields: [(String, String)]) -> [UInt8] {
        frame(1, [0, 0] + lines(fields))
    }

    package static func lines(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { text($0.0, bits: 3, flags: 0x20) + text($0.1, bits: 7, flags: 0) }
    }

    /// Makes a table of 4,096 bytes, and inserts a line into it. RFC 9204 §4.3.
    package static func insertion(_ name: String, _ value: String) -> [UInt8] {
        [2, 0x3F, 0xE1, 0x1F] + text(name, bits: 5, flags: 0x40) + text(value, bits: 7, flags: 0)
    }

    /// Of a control stream's beginning: its type, and the frame of SETTINGS.
    package static func control(_ settings: [(UInt64, UInt64)]) -> [UInt8] {
        [0] + frame(4, settings.flatMap { QUICBytes.integer($0.0) + QUICBytes.integer($0.1) })
    }

    package static func request(_ path: String = "/chat", protocol name: String = "websocket") -> [UInt8] {
        headers([
            (":method", "CONNECT"), (":protocol", name), (":scheme", "https"), (":path", path),
            (":authority", "shop.example"), ("sec-websocket-version", "13"),
        ])
    }

    package static let response = headers([(":status", "200")])

    /// A text behind its length, of which the first byte has so many bits. RFC 7541 §5.
    private static func text(_ text: String, bits: Int, flags: UInt8) -> [UInt8] {
        let bytes = Array(text.utf8)
        let most = 1 << bits - 1
        guard bytes.count >= most else { return [flags | UInt8(bytes.count)] + bytes }
        var output = [flags | UInt8(most)]
        var rest = bytes.count - most
        while rest >= 128 {
            output.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return output + [UInt8(rest)] + bytes
    }
}
