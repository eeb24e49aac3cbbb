import COpenSSL
import TapCore

/// What hides the number of a packet and some bits of its header, in one direction of a connection of QUIC. RFC 9001 §5.4.
///
/// AES is called as itself: one block for each packet is not worth a context.
package final class HeaderProtection {
    private enum Function {
        case aes(AES_KEY)
        /// A context of ChaCha20.
        case chaCha20(OpaquePointer)
    }

    private var function: Function

    /// Returns `nil` for a suite that QUIC has not.
    package init?(_ suite: CipherSuite, secret: Secret, _ schedule: KeySchedule) {
        guard let protection = suite.protection else { return nil }
        let cipher = protection.cipher
        var key = KeyDerivation.expandLabel(
            protection.hash, secret.bytes, schedule.headerProtection, count: cipher.keyLength)
        defer { Secret.wipe(&key) }
        switch cipher {
        case .aes128GCM, .aes256GCM, .aes128CCM:
            var aes = AES_KEY()
            AES_set_encrypt_key(key, Int32(8 * key.count), &aes)
            function = .aes(aes)
        case .chaCha20Poly1305:
            guard let context = EVP_CIPHER_CTX_new() else { return nil }
            EVP_EncryptInit_ex(context, EVP_chacha20(), nil, key, nil)
            function = .chaCha20(context)
        case .aes256CCM, .aes128CCM8, .aes256CCM8, .aes128CBC, .aes256CBC, .tripleDESCBC, .camellia128CBC,
            .camellia256CBC:
            return nil
        }
    }

    deinit {
        if case .chaCha20(let context) = function { EVP_CIPHER_CTX_free(context) }
        withUnsafeMutableBytes(of: &function) { OPENSSL_cleanse($0.baseAddress, $0.count) }
    }

    /// The length of a sample in bytes.
    package static let sampleLength = 16

    package typealias Mask = InlineArray<16, UInt8>

    /// What is to be added to the first byte and the number of the packet of which 16 bytes are this sample: the first five bytes
    /// count.
    package func mask(for sample: RawSpan) -> Mask {
        var mask = Mask(repeating: 0)
        guard sample.byteCount == HeaderProtection.sampleLength else { return mask }
        let zeros = InlineArray<16, UInt8>(repeating: 0)
        var output = mask.mutableSpan
        sample.withUnsafeBytes { sample in
            zeros.span.withUnsafeBufferPointer { zeros in
                output.withUnsafeMutableBufferPointer { output in
                    let bytes = sample.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    switch function {
                    case .aes(var key): AES_encrypt(bytes, output.baseAddress, &key)
                    case .chaCha20(let context):
                        // Counter and nonce are the sample: RFC 9001 §5.4.4.
                        var written: Int32 = 0
                        EVP_EncryptInit_ex(context, nil, nil, nil, bytes)
                        EVP_EncryptUpdate(context, output.baseAddress, &written, zeros.baseAddress, Int32(sample.count))
                    }
                }
            }
        }
        return mask
    }
}
