/// Key logs with each kind of line.
enum KeyLogSeeds {
    static let all: [(String, [UInt8])] = [
        (
            "tls13",
            log(
                ["CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET"].map(line) + ["# end"])
        ),
        (
            "tls12",
            log(["CLIENT_RANDOM \(random) \(master)", "CLIENT_RANDOM \(random) \(master)", "CLIENT_RANDOM \(random)"])
        ),
        (
            "older",
            log([
                "RSA 0102030405060708 \(master)", "RSA Session-ID:0a0b Master-Key:\(master)",
                "PMS_CLIENT_RANDOM \(random) 01",
            ])
        ),
        ("half", log(["", "CLIENT_TRAFFIC_SECRET_0 \(random) 5c5c"], end: "")),
    ]

    private static let random = String(repeating: "0a", count: 32)
    private static let master = String(repeating: "ab", count: 48)

    private static func line(_ label: String) -> String { "\(label) \(random) \(String(repeating: "5c", count: 32))" }

    /// Cut in two places.
    private static func log(_ lines: [String], end: String = "\r\n") -> [UInt8] {
        [2, 0, 30, 0, 99] + Array((lines.joined(separator: "\r\n") + end).utf8)
    }
}
