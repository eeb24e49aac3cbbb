/// HTTP/2 connections: whole, with holes, after an upgrade, from the middle.
enum HTTP2Seeds {
    static let all: [(String, [UInt8])] = [
        ("tunnel", [0] + open + data + close),
        ("tunnel-undecided", [0x40] + open + data + close),
        ("tunnel-unwanted", [0x80] + open + data),
        ("refused", [0] + [2, 0, 1] + [0x82, 0x18, 3, 1] + [0xC4, 1, 0]),
        ("continuation", [0] + [0x42, 0, 1] + [0xC2, 0, 1] + data),
        ("padding", [0] + open + [0x44, 1, 9, 3, 0x61, 0x62, 0x63]),
        (
            "upgrade",
            [2] + [2, 0, 3] + [0x82, 0, 3] + [4, 3, 60] + [UInt8](repeating: 7, count: 60) + [0x87, 0, 9, 13]
        ),
        ("hole", [0] + open + data + [5, 0, 20] + data + data + data + close),
        ("hole-in-a-frame", [0] + open + [1, 0, 0, 1, 0] + [0, 9, 0, 0, 20, 0, 0, 0, 0, 0, 1] + [5, 0, 19] + data),
        ("inside", [3] + data + data + data + open),
        ("inside-of-client", [7] + data + data + data + [2, 0, 5] + [2, 0, 7]),
        ("inside-wanted", [3] + long + long + long),
        ("table-sizes", [16] + [2, 4, 0, 30, 1] + [2, 4, 31, 255, 3] + [2, 4, 16, 0, 5]),
        ("broken-block", [0] + [1, 1, 4, 1, 3, 0xFF, 0xFF, 0xFF] + [2, 0, 3] + [2, 0, 5]),
        ("settings", [0] + [6, 4, 0, 10] + [0x86, 4, 0, 20] + [0x86, 8, 0, 0] + [0x86, 5, 0, 1] + open + data),
        ("reset-and-goaway", [0] + open + [1, 3, 0, 1, 4, 0, 0, 0, 8] + [0x81, 7, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0]),
        ("not-http2", [0, 0, 5, 0x47, 0x45, 0x54, 0x20, 0x2F]),
    ]

    /// An extended CONNECT on stream 1, and its answer.
    private static let open: [UInt8] = [2, 0, 1] + [0x82, 0, 1]
    private static let data: [UInt8] = [4, 1, 4, 0x61, 0x62, 0x63, 0x64] + [0x84, 1, 2, 0x65, 0x66]
    /// More than is given of a stream before its receiver decides.
    private static let long: [UInt8] = [4, 1, 100] + [UInt8](repeating: 9, count: 100)
    private static let close: [UInt8] = [0x24, 1, 0] + [0xA4, 1, 0]
}
