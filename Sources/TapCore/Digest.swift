import COpenSSL

/// The SHA-1 of bytes that arrive in pieces (FIPS 180-4, §6.1).
///
/// Not for secrets: RFC 6455 §4.2.2 and the Community ID use it as a checksum.
package struct SHA1 {
    private var context = SHA_CTX()

    package init() { SHA1_Init(&context) }

    package mutating func update(_ bytes: RawSpan) {
        _ = bytes.withUnsafeBytes { SHA1_Update(&context, $0.baseAddress, $0.count) }
    }

    /// The 20 bytes of the digest of everything so far.
    package consuming func finish() -> InlineArray<20, UInt8> {
        var digest = InlineArray<20, UInt8>(repeating: 0)
        var bytes = digest.mutableSpan
        bytes.withUnsafeMutableBufferPointer { _ = SHA1_Final($0.baseAddress, &context) }
        return digest
    }
}

/// SHA-256 (FIPS 180-4, §6.2).
package enum SHA256 {
    /// The 32 bytes of the digest.
    package static func digest(of bytes: RawSpan) -> InlineArray<32, UInt8> {
        var context = SHA256_CTX()
        SHA256_Init(&context)
        _ = bytes.withUnsafeBytes { SHA256_Update(&context, $0.baseAddress, $0.count) }
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var output = digest.mutableSpan
        output.withUnsafeMutableBufferPointer { _ = SHA256_Final($0.baseAddress, &context) }
        return digest
    }
}
