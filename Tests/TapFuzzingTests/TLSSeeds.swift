/// TLS connections with keys: whole, with holes, from the middle, and with keys that come late.
enum TLSSeeds {
    static let all: [(String, [UInt8])] = [
        ("tls13", [0] + handshake + data),
        ("tls13-late-keys", [3] + handshake + data + [5] + data),
        ("tls13-no-keys", [1] + handshake + data),
        ("tls13-key-update", [0] + handshake + data + keyUpdate),
        ("tls13-hole", [0] + handshake + data + [0x04, 0, 40] + later + data),
        ("tls13-no-server-hello", [0] + hello + [0x84, 0, 90] + handshake.dropFirst(4) + data),
        ("midstream", [8] + later + data + data),
        ("tls12", [0] + hello + [7, 1] + [0x01, 20, 1, 1] + [0x01, 22, 4, 1, 2, 3, 4] + [0x81, 20, 1, 1] + data),
        (
            "tls12-cbc",
            [4] + hello + [7, 0x15] + [0x01, 20, 1, 1] + [0x01, 23, 32] + [UInt8](repeating: 3, count: 32)
        ),
        ("unsupported", [0] + hello + [7, 7] + [0x01, 20, 1, 1] + data),
        ("alerts", [0] + hello + [0x81, 21, 2, 2, 40] + [0x01, 21, 2, 1, 0] + [0x45]),
        ("no-records", [0] + [0, 5, 0x47, 0x45, 0x54, 0x20, 0x2F] + [0x80, 3, 1, 2, 3]),
    ]

    private static let hello: [UInt8] = [6, 0]
    /// Both hellos, what the server says under encryption, and both ends of the handshake.
    private static let handshake: [UInt8] =
        hello + [7, 0] + [0xA2, 6, 8, 0, 0, 2, 0, 0] + [0xE2, 4, 20, 0, 0, 0] + [0x62, 4, 20, 0, 0, 0]
    private static let data: [UInt8] = [0x02, 23, 3, 0x61, 0x62, 0x63] + [0x82, 23, 2, 0x64, 0x65]
    /// A record after some that are not there.
    private static let later: [UInt8] = [0x1A, 23, 4, 0x66, 0x67, 0x68, 0x69]
    private static let keyUpdate: [UInt8] = [0x42, 22, 5, 24, 0, 0, 1, 0]
}
