import COpenSSL
import TapCore

/// The private key of a server with static RSA. RFC 5246 §7.4.7.1.
package final class RSAKey {
    private let key: OpaquePointer
    /// The length of what it decrypts in bytes.
    package let length: Int

    /// Reads the first private key in a PEM file's bytes; returns `nil` where there is no RSA key without a password.
    package init?(pem: RawSpan) {
        let read = pem.withUnsafeBytes { bytes -> OpaquePointer? in
            guard let memory = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
            defer { BIO_free(memory) }
            // Nobody is asked for a password.
            return PEM_read_bio_PrivateKey(memory, nil, { _, _, _, _ in -1 }, nil)
        }
        guard let read else { return nil }
        guard EVP_PKEY_get_base_id(read) == EVP_PKEY_RSA else {
            EVP_PKEY_free(read)
            return nil
        }
        key = read
        length = Int(EVP_PKEY_get_size(read))
    }

    deinit { EVP_PKEY_free(key) }

    /// The premaster secret in what a client sent; `nil` where it was not sent to the owner of this key.
    package func premaster(encrypted: RawSpan) -> Secret? {
        guard encrypted.byteCount == length, let context = EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_decrypt_init(context) > 0, EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0 else {
            return nil
        }
        var plain = [UInt8](repeating: 0, count: length)
        var count = plain.count
        let isDecrypted = encrypted.withUnsafeBytes {
            EVP_PKEY_decrypt(context, &plain, &count, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), $0.count) > 0
        }
        defer { Secret.wipe(&plain) }
        return isDecrypted && count == 48 ? Secret(copying: plain.span.bytes.upTo(48)) : nil
    }
}
