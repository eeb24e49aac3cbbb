/// The first record of each side, as short as is well formed. RFC 8446 §4.1.
enum TLSHello {
    static func client(random: inout RandomSource) -> [UInt8] {
        var body: [UInt8] = [0x03, 0x03] + random.bytes(32) + [32] + random.bytes(32)
        // Two cipher suites; no compression; the supported version 1.3.
        body += [0x00, 0x04, 0x13, 0x01, 0x13, 0x02, 0x01, 0x00]
        body += [0x00, 0x07, 0x00, 0x2B, 0x00, 0x03, 0x02, 0x03, 0x04]
        return record(handshakeType: 1, body: body)
    }

    static func server(random: inout RandomSource) -> [UInt8] {
        var body: [UInt8] = [0x03, 0x03] + random.bytes(32) + [32] + random.bytes(32)
        body += [0x13, 0x01, 0x00]
        body += [0x00, 0x06, 0x00, 0x2B, 0x00, 0x02, 0x03, 0x04]
        return record(handshakeType: 2, body: body)
    }

    private static func record(handshakeType: UInt8, body: [UInt8]) -> [UInt8] {
        var record: [UInt8] = [0x16, 0x03, 0x03]
        record.append(bigEndian: UInt16(body.count + 4))
        record.append(bigEndian: UInt32(handshakeType) << 24 | UInt32(body.count))
        return record + body
    }
}
