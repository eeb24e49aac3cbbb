/// What a line of a key log is about: those of RFC 9850 §2 that tell how records are protected, and the older ones of Wireshark.
package enum KeyLogLabel: UInt8, CaseIterable, Sendable {
    case clientRandom
    case clientEarlyTraffic
    case clientHandshakeTraffic
    case serverHandshakeTraffic
    case clientTraffic
    case serverTraffic
    /// Present if the client sent a real encrypted hello, not GREASE; the random is that of the outer hello.
    case encryptedClientHello
    /// A premaster secret by the client's random.
    case premaster
    /// A premaster secret by the first eight bytes of what the client sent of it, encrypted.
    case encryptedPremaster
    /// A master secret by the session's id.
    case sessionID

    /// The line's first word, or its beginning.
    package var name: StaticString {
        switch self {
        case .clientRandom: "CLIENT_RANDOM"
        case .clientEarlyTraffic: "CLIENT_EARLY_TRAFFIC_SECRET"
        case .clientHandshakeTraffic: "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
        case .serverHandshakeTraffic: "SERVER_HANDSHAKE_TRAFFIC_SECRET"
        case .clientTraffic: "CLIENT_TRAFFIC_SECRET_0"
        case .serverTraffic: "SERVER_TRAFFIC_SECRET_0"
        case .encryptedClientHello: "ECH_SECRET"
        case .premaster: "PMS_CLIENT_RANDOM"
        case .encryptedPremaster: "RSA"
        case .sessionID: "RSA Session-ID:"
        }
    }

    /// Whether the session's random is what the secret is found by.
    var isByRandom: Bool { self != .encryptedPremaster && self != .sessionID }

    /// Whether a secret may have so many bytes.
    func allows(secretOf count: Int) -> Bool {
        switch self {
        case .clientRandom, .encryptedPremaster, .sessionID: count == 48
        case .clientEarlyTraffic, .clientHandshakeTraffic, .serverHandshakeTraffic, .clientTraffic, .serverTraffic:
            count == 32 || count == 48
        case .encryptedClientHello: 1...64 ~= count
        case .premaster: 1...1_024 ~= count
        }
    }

    /// Whether what the line is named by may have so many bytes.
    func allows(nameOf count: Int) -> Bool {
        switch self {
        case .encryptedPremaster: count == 8
        case .sessionID: 1...32 ~= count
        case _: count == ClientRandom.length
        }
    }
}
