import TapCore
import TapSecurity

/// A session of TLS 1.3 whose records are sealed by libcrypto here, for conversations that are too long to be kept in a file.
package struct SealedSession: Sendable {
    package let suite: CipherSuite
    package let random: [UInt8]
    package let clientSecret: [UInt8]
    package let serverSecret: [UInt8]

    package init(_ suite: UInt16, seed: UInt64) {
        self.suite = CipherSuite(rawValue: suite)
        var generator = SeededGenerator(seed: seed)
        let length = suite == 0x1302 ? 48 : 32
        random = generator.bytes(32)
        clientSecret = generator.bytes(length)
        serverSecret = generator.bytes(length)
    }

    package var keyLog: String {
        "CLIENT_TRAFFIC_SECRET_0 \(Hex.string(random)) \(Hex.string(clientSecret))\n"
            + "SERVER_TRAFFIC_SECRET_0 \(Hex.string(random)) \(Hex.string(serverSecret))\n"
    }

    private var hash: HashFunction { suite.rawValue == 0x1302 ? .sha384 : .sha256 }

    /// What seals the records of one peer, after so many KeyUpdates.
    package func sealer(ofClient: Bool, updates: Int = 0) -> RecordSealer {
        var secret = ofClient ? clientSecret : serverSecret
        for _ in 0..<updates {
            secret = KeyDerivation.expandLabel(hash, secret.span.bytes, "traffic upd", count: secret.count)
        }
        let (name, keyLength) =
            switch suite.rawValue {
            case 0x1301: ("AES-128-GCM", 16)
            case 0x1302: ("AES-256-GCM", 32)
            case _: ("ChaCha20-Poly1305", 32)
            }
        return RecordSealer(
            cipher: name, key: KeyDerivation.expandLabel(hash, secret.span.bytes, "key", count: keyLength),
            iv: KeyDerivation.expandLabel(hash, secret.span.bytes, "iv", count: 12))
    }
}
