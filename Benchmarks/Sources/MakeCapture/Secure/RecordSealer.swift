import COpenSSL

/// Seals records by libcrypto.
@safe final class RecordSealer {
    private static let headerLength = 5
    private static let tagLength = 16

    private let suite: TLSSuite
    private let context: OpaquePointer

    init(_ suite: TLSSuite) {
        self.suite = suite
        let context = unsafe EVP_CIPHER_CTX_new()
        let cipher = unsafe EVP_CIPHER_fetch(nil, suite.cipherName, nil)
        let status = unsafe EVP_EncryptInit_ex(context, cipher, nil, nil, nil)
        unsafe EVP_CIPHER_free(cipher)
        guard let context = unsafe context, status > 0 else {
            preconditionFailure("libcrypto lacks a cipher only when memory is out")
        }
        unsafe self.context = context
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// How long a record becomes that carries so many bytes.
    func recordLength(_ count: Int) -> Int {
        // The type behind the content, or the number before it. RFC 8446 §5.2, RFC 5288 §3.
        Self.headerLength + count + Self.tagLength + (suite.isTLS13 ? 1 : 8)
    }

    /// Appends the record of a number.
    func append(
        _ content: ArraySlice<UInt8>, type: ContentType, number: UInt64, with key: TrafficKey, to output: inout [UInt8]
    ) {
        let start = output.count
        output.append(suite.isTLS13 ? ContentType.applicationData.rawValue : type.rawValue)
        output.append(bigEndian: UInt16(0x0303))
        output.append(bigEndian: UInt16(recordLength(content.count) - Self.headerLength))
        var plain = Array(content)
        var nonce = key.iv
        var authenticated: [UInt8] = []
        if suite.isTLS13 {
            plain.append(type.rawValue)
            authenticated = Array(output[start...])
            for index in 0..<8 { nonce[4 + index] ^= UInt8(truncatingIfNeeded: number >> (56 - 8 * index)) }
        } else {
            output.append(bigEndian: number)
            nonce.append(bigEndian: number)
            authenticated.append(bigEndian: number)
            authenticated += output[start..<start + 3]
            authenticated.append(bigEndian: UInt16(content.count))
        }
        output += seal(plain, nonce: nonce, authenticated: authenticated, key: key.key)
    }

    /// What a record's content becomes, with the tag behind it.
    private func seal(_ plain: [UInt8], nonce: [UInt8], authenticated: [UInt8], key: [UInt8]) -> [UInt8] {
        var nonce = nonce
        var written: Int32 = 0
        unsafe EVP_EncryptInit_ex(context, nil, nil, key, &nonce)
        unsafe EVP_EncryptUpdate(context, nil, &written, authenticated, Int32(authenticated.count))
        return unsafe [UInt8](unsafeUninitializedCapacity: plain.count + Self.tagLength) { output, count in
            unsafe EVP_EncryptUpdate(context, output.baseAddress, &written, plain, Int32(plain.count))
            let tag = unsafe output.baseAddress.map { unsafe $0 + plain.count }
            unsafe EVP_EncryptFinal_ex(context, tag, &written)
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagLength), tag)
            count = plain.count + Self.tagLength
        }
    }
}
