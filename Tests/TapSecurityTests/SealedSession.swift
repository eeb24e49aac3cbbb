import COpenSSL
import TapCore
import TapSecurity

/// A session of TLS 1.3 whose records are sealed by libcrypto here, for conversations that are too long to be kept in a file.
struct SealedSession {
    let suite: CipherSuite
    let random: [UInt8]
    let clientSecret: [UInt8]
    let serverSecret: [UInt8]

    init(_ suite: UInt16, seed: UInt64) {
        self.suite = CipherSuite(rawValue: suite)
        var generator = Xorshift(seed: seed &+ 1)
        let length = suite == 0x1302 ? 48 : 32
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        random = bytes(32)
        clientSecret = bytes(length)
        serverSecret = bytes(length)
    }

    var keyLog: String {
        "CLIENT_TRAFFIC_SECRET_0 \(Hex.string(random)) \(Hex.string(clientSecret))\n"
            + "SERVER_TRAFFIC_SECRET_0 \(Hex.string(random)) \(Hex.string(serverSecret))\n"
    }

    private var hash: HashFunction { suite.rawValue == 0x1302 ? .sha384 : .sha256 }

    /// What seals the records of one peer, after so many KeyUpdates.
    func sealer(ofClient: Bool, updates: Int = 0) -> Sealer {
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
        return Sealer(
            cipher: name, key: KeyDerivation.expandLabel(hash, secret.span.bytes, "key", count: keyLength),
            iv: KeyDerivation.expandLabel(hash, secret.span.bytes, "iv", count: 12))
    }
}

final class Sealer {
    private let context = EVP_CIPHER_CTX_new()
    private let iv: [UInt8]

    init(cipher: String, key: [UInt8], iv: [UInt8]) {
        self.iv = iv
        let fetched = EVP_CIPHER_fetch(nil, cipher, nil)
        EVP_EncryptInit_ex(context, fetched, nil, key, nil)
        EVP_CIPHER_free(fetched)
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// The record with this number. RFC 8446 §5.2.
    func record(_ number: UInt64, _ plain: [UInt8], type: UInt8 = ContentType.applicationData) -> [UInt8] {
        var nonce = iv
        for index in 0..<8 { nonce[4 + index] ^= UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * index)) }
        let inner = plain + [type]
        let length = inner.count + 16
        let header: [UInt8] = [23, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)]
        var output = [UInt8](repeating: 0, count: inner.count)
        var tag = [UInt8](repeating: 0, count: 16)
        var written: Int32 = 0
        EVP_EncryptInit_ex(context, nil, nil, nil, nonce)
        EVP_EncryptUpdate(context, nil, &written, header, 5)
        EVP_EncryptUpdate(context, &output, &written, inner, Int32(inner.count))
        var none = [UInt8](repeating: 0, count: 16)
        EVP_EncryptFinal_ex(context, &none, &written)
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag)
        return header + output + tag
    }
}
