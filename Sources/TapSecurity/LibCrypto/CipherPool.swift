import COpenSSL
import TapCore

/// Opens records, in contexts of libcrypto that directions share: at most so many, of which those go that were not used for
/// longest. Takes no memory for a record, and opens one at a time.
package final class CipherPool {
    private let limit: Int
    @exclusivity(unchecked) private var slots: [Slot] = []
    /// The slot at which to look for one that is free next.
    private var hand = 0
    private var lastOwner: UInt64 = 0
    private var fetched = [OpaquePointer?](repeating: nil, count: Cipher.allCases.count)
    /// What the last record held.
    private let output: UnsafeMutableRawBufferPointer
    /// No datagram is longer, in bytes.
    private static let longestPacket = 65_535
    /// How often a context was set up.
    package private(set) var setUps = 0

    private struct Slot {
        let context: OpaquePointer
        var owner: UInt64
        var hmac: HMAC?
        var iv = InlineArray<12, UInt8>(repeating: 0)
        var wasUsed = true
    }

    /// What a record held, until the next one is opened.
    package struct Opened {
        package let type: UInt8
        fileprivate let start: Int
        package let count: Int
    }

    /// - Parameter limit: how many contexts are kept at the same time; a context has about 1,200 bytes.
    package init(limit: Int) {
        self.limit = max(limit, 1)
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        output = .allocate(byteCount: max(RecordHeader.longestBody, CipherPool.longestPacket) + 64, alignment: 64)
    }

    deinit {
        for slot in slots { EVP_CIPHER_CTX_free(slot.context) }
        for cipher in fetched { EVP_CIPHER_free(cipher) }
        OPENSSL_cleanse(output.baseAddress, output.count)
        output.deallocate()
    }

    /// What an opened record held.
    @_lifetime(borrow self)
    package func plain(_ opened: Opened) -> RawSpan {
        let bytes = UnsafeRawBufferPointer(rebasing: output[opened.start..<opened.start + opened.count])
        return _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }

    /// Opens a whole record with its header as the one of this number; returns `nil` where it is not that one under this key.
    package func open(_ record: RawSpan, with key: inout RecordKey, number: UInt64) -> Opened? {
        guard let header = RecordHeader(record), header.recordLength == record.byteCount else { return nil }
        let slot = slot(of: &key)
        let opened =
            switch key.protection.cipher.mode {
            case .gcm, .ccm, .chaCha20:
                openAEAD(record, header, key.protection.cipher, isTLS13: key.version == .tls13, slot, number)
            case .cbc: openCBC(record, header, key, slot, number)
            }
        if opened != nil { key.keepLastBlock(of: record) }
        return opened
    }

    /// Opens what a packet of QUIC protects, as the one of this number. RFC 9001 §5.3.
    /// - Parameters:
    ///   - payload: what follows the header, with the tag.
    ///   - header: as it was before its own protection.
    package func open(
        _ payload: RawSpan, header: RawSpan, with key: inout RecordKey, number: UInt64
    ) -> Opened? {
        let cipher = key.protection.cipher
        let count = payload.byteCount - cipher.tagLength
        guard key.version == .tls13, count >= 0, count <= CipherPool.longestPacket else { return nil }
        let slot = slot(of: &key)
        let nonce = nonce(of: number, slot)
        guard decrypt(payload, at: 0, count, slots[slot].context, cipher, nonce.span.bytes, header) else { return nil }
        return Opened(type: 0, start: 0, count: count)
    }

    /// RFC 8446 §5.3.
    private func nonce(of number: UInt64, _ slot: Int) -> InlineArray<12, UInt8> {
        var nonce = slots[slot].iv
        for index in 0..<8 { nonce[4 + index] ^= UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * index)) }
        return nonce
    }

    // MARK: Contexts

    /// The slot with the key's context, which is set up where it is not there.
    @inline(__always)
    private func slot(of key: inout RecordKey) -> Int {
        let slot = Int(key.slot)
        if slot < slots.count, slots[slot].owner == key.owner {
            slots[slot].wasUsed = true
            return slot
        }
        return setUp(&key)
    }

    private func setUp(_ key: inout RecordKey) -> Int {
        setUps += 1
        lastOwner += 1
        key.owner = lastOwner
        let slot = freeSlot()
        key.slot = Int32(truncatingIfNeeded: slot)
        slots[slot].owner = lastOwner
        slots[slot].wasUsed = true
        slots[slot].hmac = nil
        let (cipher, context) = (key.protection.cipher, slots[slot].context)
        var cipherKey: [UInt8]
        var iv: [UInt8]
        if key.version == .tls13 {
            let secret = key.secret.bytes
            cipherKey = KeyDerivation.expandLabel(
                key.protection.hash, secret, key.schedule.key, count: cipher.keyLength)
            iv = KeyDerivation.expandLabel(key.protection.hash, secret, key.schedule.iv, count: 12)
        } else {
            let macLength = key.protection.mac?.length ?? 0
            let material = key.secret.bytes
            cipherKey = [UInt8](material.from(macLength).upTo(cipher.keyLength))
            iv = [UInt8](material.from(macLength + cipher.keyLength))
            if let function = key.protection.mac {
                slots[slot].hmac = HMAC(function, key: material.upTo(macLength))
            }
        }
        for index in 0..<min(iv.count, 12) { slots[slot].iv[index] = iv[index] }
        EVP_CIPHER_CTX_reset(context)
        EVP_DecryptInit_ex(context, evp(cipher), nil, nil, nil)
        switch cipher.mode {
        case .gcm, .chaCha20: EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, 12, nil)
        case .ccm:
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, 12, nil)
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(cipher.tagLength), nil)
        case .cbc: EVP_CIPHER_CTX_set_padding(context, 0)
        }
        EVP_DecryptInit_ex(context, nil, nil, cipherKey, nil)
        Secret.wipe(&cipherKey)
        Secret.wipe(&iv)
        return slot
    }

    /// A new slot, or the next one that was not used since the hand came by.
    private func freeSlot() -> Int {
        if slots.count < limit, let context = EVP_CIPHER_CTX_new() {
            slots.append(Slot(context: context, owner: 0))
            return slots.count - 1
        }
        precondition(!slots.isEmpty, "out of memory")
        while true {
            defer { hand = (hand + 1) % slots.count }
            if !slots[hand].wasUsed { return hand }
            slots[hand].wasUsed = false
        }
    }

    private func evp(_ cipher: Cipher) -> OpaquePointer? {
        let index = Int(cipher.rawValue)
        if fetched[index] == nil { fetched[index] = EVP_CIPHER_fetch(nil, cipher.libcryptoName, nil) }
        return fetched[index]
    }

    // MARK: Authenticated encryption

    private func openAEAD(
        _ record: RawSpan, _ header: RecordHeader, _ cipher: Cipher, isTLS13: Bool, _ slot: Int, _ number: UInt64
    ) -> Opened? {
        let explicitLength = isTLS13 || cipher.mode == .chaCha20 ? 0 : 8
        let count = header.bodyLength - explicitLength - cipher.tagLength
        guard count >= (isTLS13 ? 1 : 0) else { return nil }
        var nonce = slots[slot].iv
        if explicitLength > 0 {
            for index in 0..<8 { nonce[4 + index] = record.uint8(at: RecordHeader.length + index) }
        } else {
            nonce = self.nonce(of: number, slot)
        }
        var aad = InlineArray<13, UInt8>(repeating: 0)
        var aadLength = 5
        if isTLS13 {
            for index in 0..<5 { aad[index] = record.uint8(at: index) }
        } else {
            aadLength = 13
            CipherPool.fill(&aad, record, number, count)
        }
        guard
            decrypt(
                record, at: RecordHeader.length + explicitLength, count, slots[slot].context, cipher, nonce.span.bytes,
                aad.span.bytes.upTo(aadLength))
        else { return nil }
        guard isTLS13 else { return Opened(type: header.type, start: 0, count: count) }
        // Behind what the record carries stand its type, and zeros as padding: RFC 8446 §5.2.
        var end = count
        while end > 0, output[end - 1] == 0 { end -= 1 }
        return end == 0 ? Opened(type: 0, start: 0, count: 0) : Opened(type: output[end - 1], start: 0, count: end - 1)
    }

    private func decrypt(
        _ record: RawSpan, at offset: Int, _ count: Int, _ context: OpaquePointer, _ cipher: Cipher, _ nonce: RawSpan,
        _ aad: RawSpan
    ) -> Bool {
        record.withUnsafeBytes { record in
            nonce.withUnsafeBytes { nonce in
                aad.withUnsafeBytes { aad in
                    guard let first = record.baseAddress, let plain = output.baseAddress else { return false }
                    let input = (first + offset).assumingMemoryBound(to: UInt8.self)
                    let tag = UnsafeMutableRawPointer(mutating: input + count)
                    let plainBytes = plain.assumingMemoryBound(to: UInt8.self)
                    let nonceBytes = nonce.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    let aadBytes = aad.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    var written: Int32 = 0
                    if cipher.mode == .ccm {
                        // CCM wants the tag before the nonce, and the length before all; it has no end of its own.
                        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(cipher.tagLength), tag)
                        EVP_DecryptInit_ex(context, nil, nil, nil, nonceBytes)
                        EVP_DecryptUpdate(context, nil, &written, nil, Int32(count))
                        EVP_DecryptUpdate(context, nil, &written, aadBytes, Int32(aad.count))
                        return EVP_DecryptUpdate(context, plainBytes, &written, input, Int32(count)) > 0
                    }
                    EVP_DecryptInit_ex(context, nil, nil, nil, nonceBytes)
                    EVP_DecryptUpdate(context, nil, &written, aadBytes, Int32(aad.count))
                    EVP_DecryptUpdate(context, plainBytes, &written, input, Int32(count))
                    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(cipher.tagLength), tag)
                    return EVP_DecryptFinal_ex(context, plainBytes, &written) > 0
                }
            }
        }
    }

    // MARK: Block ciphers

    private func openCBC(
        _ record: RawSpan, _ header: RecordHeader, _ key: RecordKey, _ slot: Int, _ number: UInt64
    ) -> Opened? {
        guard key.isChainKnown, let hmac = slots[slot].hmac else { return nil }
        let cipher = key.protection.cipher
        let hasIV = key.version != .tls10
        var start = RecordHeader.length
        var count = header.bodyLength
        var pseudoHeader = InlineArray<13, UInt8>(repeating: 0)
        if key.encryptsThenAuthenticates {
            count -= hmac.function.length
            guard count >= 0 else { return nil }
            CipherPool.fill(&pseudoHeader, record, number, count)
            let code = record.from(start + count)
            guard hmac.verifies(code, of: pseudoHeader.span.bytes, record.from(start).upTo(count)) else { return nil }
        }
        var iv = key.previousBlock ?? InlineArray<16, UInt8>(repeating: 0)
        if hasIV {
            guard count >= cipher.blockLength else { return nil }
            for index in 0..<cipher.blockLength { iv[index] = record.uint8(at: start + index) }
            start += cipher.blockLength
            count -= cipher.blockLength
        }
        guard count > 0, count % cipher.blockLength == 0,
            decryptBlocks(record.from(start).upTo(count), slots[slot].context, iv.span.bytes)
        else { return nil }
        let padding = Int(output[count - 1]) + 1
        let end = count - padding - (key.encryptsThenAuthenticates ? 0 : hmac.function.length)
        guard end >= 0 else { return nil }
        for index in count - padding..<count where Int(output[index]) != padding - 1 { return nil }
        if !key.encryptsThenAuthenticates {
            CipherPool.fill(&pseudoHeader, record, number, end)
            let code = plain(Opened(type: 0, start: end, count: hmac.function.length))
            let content = plain(Opened(type: 0, start: 0, count: end))
            guard hmac.verifies(code, of: pseudoHeader.span.bytes, content) else { return nil }
        }
        return Opened(type: header.type, start: 0, count: end)
    }

    private func decryptBlocks(_ blocks: RawSpan, _ context: OpaquePointer, _ iv: RawSpan) -> Bool {
        blocks.withUnsafeBytes { blocks in
            iv.withUnsafeBytes { iv in
                var written: Int32 = 0
                EVP_DecryptInit_ex(context, nil, nil, nil, iv.baseAddress?.assumingMemoryBound(to: UInt8.self))
                let plain = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                let input = blocks.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return EVP_DecryptUpdate(context, plain, &written, input, Int32(blocks.count)) > 0
                    && Int(written) == blocks.count
            }
        }
    }

    /// Number, type, version and length, which a record's tag or code covers before TLS 1.3. RFC 5246 §6.2.3.
    private static func fill(
        _ bytes: inout InlineArray<13, UInt8>, _ record: RawSpan, _ number: UInt64, _ count: Int
    ) {
        for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * index)) }
        for index in 0..<3 { bytes[8 + index] = record.uint8(at: index) }
        bytes[11] = UInt8(truncatingIfNeeded: count >> 8)
        bytes[12] = UInt8(truncatingIfNeeded: count)
    }
}
