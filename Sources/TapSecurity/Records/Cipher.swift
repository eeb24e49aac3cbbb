/// What encrypts records.
package enum Cipher: UInt8, CaseIterable, Sendable {
    case aes128GCM, aes256GCM, aes128CCM, aes256CCM, aes128CCM8, aes256CCM8, chaCha20Poly1305
    case aes128CBC, aes256CBC, tripleDESCBC, camellia128CBC, camellia256CBC

    enum Mode { case gcm, ccm, chaCha20, cbc }

    var mode: Mode {
        switch self {
        case .aes128GCM, .aes256GCM: .gcm
        case .aes128CCM, .aes256CCM, .aes128CCM8, .aes256CCM8: .ccm
        case .chaCha20Poly1305: .chaCha20
        case .aes128CBC, .aes256CBC, .tripleDESCBC, .camellia128CBC, .camellia256CBC: .cbc
        }
    }

    /// In bytes.
    package var keyLength: Int {
        switch self {
        case .aes128GCM, .aes128CCM, .aes128CCM8, .aes128CBC, .camellia128CBC: 16
        case .aes256GCM, .aes256CCM, .aes256CCM8, .chaCha20Poly1305, .aes256CBC, .camellia256CBC: 32
        case .tripleDESCBC: 24
        }
    }

    /// The length of an AEAD's tag in bytes; 0 for others.
    var tagLength: Int {
        switch mode {
        case .gcm, .chaCha20: 16
        case .ccm: self == .aes128CCM8 || self == .aes256CCM8 ? 8 : 16
        case .cbc: 0
        }
    }

    /// The length of a block cipher's blocks in bytes.
    var blockLength: Int { self == .tripleDESCBC ? 8 : 16 }

    /// What comes out of the key block for each direction: RFC 5288 §3, RFC 6655 §3, RFC 7905 §2, RFC 5246 §6.3.
    var fixedIVLength: Int {
        switch mode {
        case .gcm, .ccm: 4
        case .chaCha20: 12
        case .cbc: blockLength
        }
    }

    /// The name that libcrypto fetches it by.
    var libcryptoName: String {
        switch self {
        case .aes128GCM: "AES-128-GCM"
        case .aes256GCM: "AES-256-GCM"
        case .aes128CCM, .aes128CCM8: "AES-128-CCM"
        case .aes256CCM, .aes256CCM8: "AES-256-CCM"
        case .chaCha20Poly1305: "ChaCha20-Poly1305"
        case .aes128CBC: "AES-128-CBC"
        case .aes256CBC: "AES-256-CBC"
        case .tripleDESCBC: "DES-EDE3-CBC"
        case .camellia128CBC: "CAMELLIA-128-CBC"
        case .camellia256CBC: "CAMELLIA-256-CBC"
        }
    }
}
