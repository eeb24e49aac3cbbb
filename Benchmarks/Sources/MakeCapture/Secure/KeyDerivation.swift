import COpenSSL

/// How keys come from secrets, with SHA-256.
enum KeyDerivation {
    /// HKDF-Expand-Label of at most 32 bytes without a context. RFC 8446 §7.1.
    static func expandLabel(_ secret: [UInt8], _ label: String, count: Int) -> [UInt8] {
        let name = Array("tls13 \(label)".utf8)
        let info = [0, UInt8(count), UInt8(name.count)] + name + [0]
        return Array(hmac(secret, info + [1]).prefix(count))
    }

    /// The pseudorandom function of TLS 1.2. RFC 5246 §5.
    static func pseudorandom(_ secret: [UInt8], _ label: String, _ seed: [UInt8], count: Int) -> [UInt8] {
        let seed = Array(label.utf8) + seed
        var output: [UInt8] = []
        var chained = seed
        while output.count < count {
            chained = hmac(secret, chained)
            output += hmac(secret, chained + seed)
        }
        return Array(output.prefix(count))
    }

    private static func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { output, count in
            unsafe HMAC(
                EVP_sha256(), key, Int32(key.count), message, message.count, output.baseAddress, nil)
            count = 32
        }
    }
}
