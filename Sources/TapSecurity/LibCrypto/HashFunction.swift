import COpenSSL
import TapCore

/// The hash functions of TLS. RFC 5246 §7.4.1.4.1.
package enum HashFunction: UInt8, Sendable {
    case md5, sha1, sha256, sha384

    /// The length of a digest in bytes.
    package var length: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        }
    }

    /// The length of what is hashed at once in bytes.
    var blockLength: Int { self == .sha384 ? 128 : 64 }
}

/// A digest with room for the longest; the first ``HashFunction/length`` bytes count.
typealias DigestBytes = InlineArray<64, UInt8>

/// A hash in progress. Its copies go on each by itself, so that what many hashes begin with is hashed once.
struct HashState {
    private enum Context {
        case md5(MD5_CTX)
        case sha1(SHA_CTX)
        case sha256(SHA256_CTX)
        case sha384(SHA512_CTX)
    }

    private var context: Context

    init(_ function: HashFunction) {
        switch function {
        case .md5:
            var md5 = MD5_CTX()
            MD5_Init(&md5)
            context = .md5(md5)
        case .sha1:
            var sha1 = SHA_CTX()
            SHA1_Init(&sha1)
            context = .sha1(sha1)
        case .sha256:
            var sha256 = SHA256_CTX()
            SHA256_Init(&sha256)
            context = .sha256(sha256)
        case .sha384:
            var sha384 = SHA512_CTX()
            SHA384_Init(&sha384)
            context = .sha384(sha384)
        }
    }

    mutating func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { bytes in
            switch context {
            case .md5(var md5):
                MD5_Update(&md5, bytes.baseAddress, bytes.count)
                context = .md5(md5)
            case .sha1(var sha1):
                SHA1_Update(&sha1, bytes.baseAddress, bytes.count)
                context = .sha1(sha1)
            case .sha256(var sha256):
                SHA256_Update(&sha256, bytes.baseAddress, bytes.count)
                context = .sha256(sha256)
            case .sha384(var sha384):
                SHA384_Update(&sha384, bytes.baseAddress, bytes.count)
                context = .sha384(sha384)
            }
        }
    }

    consuming func finish() -> DigestBytes {
        var digest = DigestBytes(repeating: 0)
        var bytes = digest.mutableSpan
        _ = bytes.withUnsafeMutableBufferPointer { output in
            switch context {
            case .md5(var md5): MD5_Final(output.baseAddress, &md5)
            case .sha1(var sha1): SHA1_Final(output.baseAddress, &sha1)
            case .sha256(var sha256): SHA256_Final(output.baseAddress, &sha256)
            case .sha384(var sha384): SHA384_Final(output.baseAddress, &sha384)
            }
        }
        return digest
    }

    /// Overwrites what is known of the bytes so far.
    mutating func wipe() {
        withUnsafeMutableBytes(of: &context) { OPENSSL_cleanse($0.baseAddress, $0.count) }
        context = .md5(MD5_CTX())
    }
}
