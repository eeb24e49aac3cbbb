/// What `--tls` may name: a version of TLS with one of its ciphers.
enum TLSSuite: String, CaseIterable {
    case aes128GCM = "1.3-aes128gcm"
    case chaCha20 = "1.3-chacha20"
    case aes128GCMBefore = "1.2-aes128gcm"

    var isTLS13: Bool { self != .aes128GCMBefore }

    /// The number in IANA's registry.
    var number: UInt16 {
        switch self {
        case .aes128GCM: 0x1301
        case .chaCha20: 0x1303
        // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
        case .aes128GCMBefore: 0xC02F
        }
    }

    /// As libcrypto calls it.
    var cipherName: String {
        switch self {
        case .aes128GCM, .aes128GCMBefore: "AES-128-GCM"
        case .chaCha20: "ChaCha20-Poly1305"
        }
    }

    var keyLength: Int { self == .chaCha20 ? 32 : 16 }

    /// How many bytes of the nonce come from the keys; the rest is the record's number.
    var ivLength: Int { isTLS13 ? 12 : 4 }
}
