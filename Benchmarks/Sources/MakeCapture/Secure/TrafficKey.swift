/// What one side seals its records with, and the number of the next.
struct TrafficKey {
    let key: [UInt8]
    let iv: [UInt8]
    var number: UInt64 = 0

    init(key: [UInt8], iv: [UInt8]) {
        self.key = key
        self.iv = iv
    }

    /// RFC 8446 §7.3.
    init(_ suite: TLSSuite, secret: [UInt8]) {
        key = KeyDerivation.expandLabel(secret, "key", count: suite.keyLength)
        iv = KeyDerivation.expandLabel(secret, "iv", count: suite.ivLength)
    }
}
