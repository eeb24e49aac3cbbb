import COpenSSL

/// Seals records of TLS 1.3 by libcrypto, for conversations that nobody has captured.
package final class RecordSealer {
    private let context = EVP_CIPHER_CTX_new()
    private let iv: [UInt8]

    /// - Parameter cipher: as libcrypto calls it: `AES-128-GCM`.
    package init(cipher: String, key: [UInt8], iv: [UInt8]) {
        self.iv = iv
        let fetched = EVP_CIPHER_fetch(nil, cipher, nil)
        EVP_EncryptInit_ex(context, fetched, nil, key, nil)
        EVP_CIPHER_free(fetched)
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// The record with this number. RFC 8446 §5.2.
    package func record(_ number: UInt64, _ plain: [UInt8], type: UInt8 = 23) -> [UInt8] {
        let inner = plain + [type]
        let length = inner.count + 16
        let header: [UInt8] = [23, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)]
        return header + seal(inner, number, behind: header)
    }

    /// What is encrypted with this number, and its tag, which covers a header, too.
    package func seal(_ inner: [UInt8], _ number: UInt64, behind header: [UInt8]) -> [UInt8] {
        var nonce = iv
        for index in 0..<8 { nonce[4 + index] ^= UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * index)) }
        var output = [UInt8](repeating: 0, count: inner.count)
        var tag = [UInt8](repeating: 0, count: 16)
        var written: Int32 = 0
        EVP_EncryptInit_ex(context, nil, nil, nil, nonce)
        EVP_EncryptUpdate(context, nil, &written, header, Int32(header.count))
        EVP_EncryptUpdate(context, &output, &written, inner, Int32(inner.count))
        var none = [UInt8](repeating: 0, count: 16)
        EVP_EncryptFinal_ex(context, &none, &written)
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag)
        return output + tag
    }
}
