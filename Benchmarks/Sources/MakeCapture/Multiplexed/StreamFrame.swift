/// Frames of HTTP/2. RFC 9113 §4 and §6.
enum StreamFrame {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    static let largestWindow: UInt32 = 0x7FFF_FFFF
    static let acknowledgement = frame(4, 1, on: 0, [])
    static let longestPayload = 16_384

    static func settings(_ parameters: [(UInt16, UInt32)]) -> [UInt8] {
        var payload: [UInt8] = []
        for (name, value) in parameters {
            payload.append(bigEndian: name)
            payload.append(bigEndian: value)
        }
        return frame(4, 0, on: 0, payload[...])
    }

    static func windowUpdate(_ count: UInt32) -> [UInt8] {
        var payload: [UInt8] = []
        payload.append(bigEndian: count)
        return frame(8, 0, on: 0, payload[...])
    }

    static func data(_ bytes: ArraySlice<UInt8>, on stream: UInt32, ends: Bool = false) -> [UInt8] {
        guard bytes.count > longestPayload else { return frame(0, ends ? 1 : 0, on: stream, bytes) }
        let first = bytes.prefix(longestPayload)
        return frame(0, 0, on: stream, first) + data(bytes.dropFirst(longestPayload), on: stream, ends: ends)
    }

    /// Each field in full, and none in the table. RFC 7541 §6.2.2.
    static func headers(_ fields: [(name: String, value: String)], on stream: UInt32, ends: Bool) -> [UInt8] {
        var block: [UInt8] = []
        for field in fields { block += [0] + text(field.name) + text(field.value) }
        return frame(1, ends ? 5 : 4, on: stream, block[...])
    }

    private static func text(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8.count
        if rest < 127 {
            bytes.append(UInt8(rest))
        } else {
            bytes.append(127)
            rest -= 127
            while rest >= 128 {
                bytes.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        return bytes + Array(text.utf8)
    }

    private static func frame(_ type: UInt8, _ flags: UInt8, on stream: UInt32, _ payload: ArraySlice<UInt8>) -> [UInt8]
    {
        header(type, flags, on: stream, payload.count) + payload
    }

    /// What stands before the payload of a frame.
    static func header(_ type: UInt8, _ flags: UInt8, on stream: UInt32, _ count: Int) -> [UInt8] {
        let length = UInt32(count)
        var bytes = [UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), type, flags]
        bytes.append(bigEndian: stream)
        return bytes
    }
}
