import TapCore
import TapSecurity

/// What opens the packets of one direction at one level of encryption. RFC 9001 §5.
struct QUICKeys {
    /// Changes where keys are updated; header protection does not.
    var key: RecordKey
    let headers: HeaderProtection

    /// Returns `nil` for a suite that is not read.
    init?(_ suite: CipherSuite, _ secret: Secret, _ schedule: KeySchedule) {
        guard let key = RecordKey(version: .tls13, suite: suite, secret: secret, schedule: schedule),
            let headers = HeaderProtection(suite, secret: secret, schedule)
        else { return nil }
        self.key = key
        self.headers = headers
    }

    init(_ key: RecordKey, _ headers: HeaderProtection) {
        self.key = key
        self.headers = headers
    }

    /// Those of Initial packets, which everybody can make. RFC 9001 §5.2.
    static func initial(_ version: QUICVersion, clientID: QUICConnectionID, isClient: Bool) -> QUICKeys? {
        guard let schedule = version.schedule else { return nil }
        let common = KeyDerivation.extract(.sha256, salt: version.salt, from: clientID.bytes.span.bytes)
        let label: StaticString = isClient ? "client in" : "server in"
        var secret = KeyDerivation.expandLabel(.sha256, common.span.bytes, label, count: 32)
        return QUICKeys(CipherSuite.ofTLS13[0], Secret(wiping: &secret), schedule)
    }
}

/// A packet without its header protection.
struct QUICBarePacket {
    /// All up to the payload, as it was before its protection.
    let header: [UInt8]
    /// The last bits of the number, and how many.
    let number: UInt64
    let numberBits: Int

    /// Returns `nil` where the packet is too short to be one.
    init?(_ packet: RawSpan, numberOffset: Int, _ headers: HeaderProtection) {
        let sampleStart = numberOffset + 4
        guard packet.byteCount >= sampleStart + HeaderProtection.sampleLength else { return nil }
        let mask = headers.mask(
            for: packet.extracting(sampleStart..<sampleStart + HeaderProtection.sampleLength))
        let isLong = packet.uint8(at: 0) & 0x80 != 0
        let first = packet.uint8(at: 0) ^ mask[0] & (isLong ? 0x0F : 0x1F)
        let length = Int(first & 3) + 1
        var header = [UInt8](packet.upTo(numberOffset + length))
        header[0] = first
        var number: UInt64 = 0
        for index in 0..<length {
            header[numberOffset + index] ^= mask[1 + index]
            number = number << 8 | UInt64(header[numberOffset + index])
        }
        self.header = header
        self.number = number
        numberBits = 8 * length
    }

    /// Which generation of keys a packet with a short header has, in turns. RFC 9001 §6.
    var keyPhase: Bool { header[0] & 4 != 0 }

    /// Whether the bits are zero that every sender leaves so: what is no packet, or under other keys, mostly fails here.
    var hasReservedBits: Bool { header[0] & (header[0] & 0x80 != 0 ? 0x0C : 0x18) != 0 }

    /// The whole number, next to the one that is expected. RFC 9000 §A.3.
    func number(near expected: UInt64) -> UInt64 {
        let window = UInt64(1) << UInt64(numberBits)
        let half = window >> 1
        let candidate = expected & ~(window - 1) | number
        if expected >= half, candidate <= expected - half, candidate < (1 << 62) - window { return candidate + window }
        if candidate > expected + half, candidate >= window { return candidate - window }
        return candidate
    }
}
