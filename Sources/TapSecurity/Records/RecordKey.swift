import TapCore

/// What opens the records of one direction: enough to set a context up again, and small enough to be kept while nobody speaks.
package struct RecordKey {
    /// The number of the next record.
    package var sequence: UInt64 = 0
    /// Who the pool's context was set up for, and where it has it.
    var owner: UInt64 = 0
    var slot: Int32 = 0
    package let version: ProtocolVersion
    package let suite: CipherSuite
    let protection: CipherSuite.Protection
    /// RFC 7366.
    let encryptsThenAuthenticates: Bool
    /// By which names keys come out of a traffic secret.
    let schedule: KeySchedule
    /// The end of the record before, from which CBC goes on in TLS 1.0. RFC 2246 §6.2.3.2.
    @Rare var previousBlock: InlineArray<16, UInt8>?
    /// Whether ``previousBlock`` is that of the record before, or not needed: where the code covers what is encrypted, a record
    /// opens without it, but its first block is another.
    var isChainKnown = true
    /// TLS 1.3: the traffic secret. Before: the key of the record's code, the cipher's key, and the IV.
    package let secret: Secret

    /// Returns `nil` for a suite or version that is not read.
    package init?(
        version: ProtocolVersion, suite: CipherSuite, secret: Secret, encryptsThenAuthenticates: Bool = false,
        schedule: KeySchedule = .tls
    ) {
        guard version.isRead, let protection = suite.protection else { return nil }
        self.version = version
        self.suite = suite
        self.protection = protection
        self.secret = secret
        self.encryptsThenAuthenticates = encryptsThenAuthenticates
        self.schedule = schedule
        if isChained {
            let iv = secret.bytes.from(secret.count - protection.cipher.blockLength)
            keepLastBlock(of: iv)
        }
    }

    /// The key after an update. RFC 8446 §7.2, RFC 9001 §6.1.
    package var next: RecordKey? {
        guard version == .tls13 else { return nil }
        return RecordKey(
            version: version, suite: suite,
            secret: KeyDerivation.nextTrafficSecret(after: secret, protection.hash, schedule), schedule: schedule)
    }

    /// The bytes that a record has beside what it carries: at least so many, and in TLS 1.3 more where it is padded.
    var overhead: Int {
        let cipher = protection.cipher
        switch cipher.mode {
        case .gcm, .ccm: return RecordHeader.length + cipher.tagLength + (version == .tls13 ? 1 : 8)
        case .chaCha20: return RecordHeader.length + cipher.tagLength + (version == .tls13 ? 1 : 0)
        case .cbc:
            let iv = version == .tls10 ? 0 : cipher.blockLength
            return RecordHeader.length + iv + (protection.mac?.length ?? 0) + 1
        }
    }

    /// The number that a record with an explicit nonce seems to have. RFC 5288 §3 leaves the nonce to the sender, who mostly
    /// takes the number.
    func explicitNumber(in record: RawSpan) -> UInt64? {
        switch protection.cipher.mode {
        case .gcm where hasExplicitNonce(record), .ccm where hasExplicitNonce(record):
            record.uint64(at: RecordHeader.length)
        case .gcm, .ccm, .chaCha20, .cbc: nil
        }
    }

    private func hasExplicitNonce(_ record: RawSpan) -> Bool {
        version != .tls13 && record.byteCount >= RecordHeader.length + 8
    }

    /// Whether a record cannot be read without the one before.
    var isChained: Bool { version == .tls10 && protection.cipher.mode == .cbc }

    /// Whether the length of what is encrypted tells that of what it carries.
    var hasExactLengths: Bool { version != .tls13 && protection.cipher.mode != .cbc }

    /// Remembers where CBC goes on from in TLS 1.0.
    mutating func keepLastBlock(of record: RawSpan) {
        guard isChained else { return }
        let length = protection.cipher.blockLength
        // With encrypt-then-MAC the code stands behind the last block.
        let end =
            record.byteCount - (encryptsThenAuthenticates && record.byteCount > 16 ? protection.mac?.length ?? 0 : 0)
        guard end >= length else { return }
        var block = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<length { block[index] = record.uint8(at: end - length + index) }
        previousBlock = block
        isChainKnown = true
    }
}
