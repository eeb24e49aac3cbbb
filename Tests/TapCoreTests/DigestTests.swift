import TapCore
import TapTestSupport
import Testing

@Suite("Digests")
struct DigestTests {
    private struct Row: CustomTestStringConvertible {
        let text: String
        let sha1: String
        let sha256: String

        var testDescription: String { "\(text.prefix(20)) (\(text.utf8.count) bytes)" }
    }

    /// FIPS 180-4's examples, and texts that fill one and two blocks (by sha1sum and sha256sum).
    private static let rows = [
        Row(
            text: "", sha1: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        Row(
            text: "abc", sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        Row(
            text: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            sha1: "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
            sha256: "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        Row(
            text: String(repeating: "a", count: 64), sha1: "0098ba824b5c16427bd7a1122a5a442a25ec644d",
            sha256: "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
        Row(
            text: String(repeating: "a", count: 128), sha1: "ad5b3fdbcb526778c2839d2f151ea753995e26a0",
            sha256: "6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e"),
    ]

    @Test("are those of the standard", arguments: rows)
    private func known(row: Row) {
        let bytes = Array(row.text.utf8)
        let sha256 = hex(SHA256.digest(of: bytes.span.bytes).span.bytes)
        #expect(sha1(of: [bytes]) == row.sha1)
        #expect(sha256 == row.sha256)
    }

    @Test("do not depend on where the bytes are cut", arguments: 0...130)
    func cut(at index: Int) {
        let bytes = (0..<130).map { UInt8($0) }
        #expect(sha1(of: [Array(bytes[..<index]), Array(bytes[index...])]) == sha1(of: [bytes]))
    }

    private func hex(_ bytes: RawSpan) -> String { Hex.string([UInt8](bytes)) }

    private func sha1(of pieces: [[UInt8]]) -> String {
        var hash = SHA1()
        for piece in pieces { hash.update(piece.span.bytes) }
        return hex(hash.finish().span.bytes)
    }
}
