import TapCore
import TapRedaction
import Testing

/// Whatever the bytes are, redaction ends, keeps their number, and costs no more for each of them.
@Suite("Hostile bytes")
struct HostileTests {
    private func redacted(_ bytes: [UInt8]) -> [UInt8] {
        var redaction = Redaction(.secrets)
        return redaction.redacted(CaptureComment(.section, bytes)).text
    }

    @Test(
        "a hundred thousand levels",
        arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]"), ("<a>", "</a>"), ("(", ")")])
    func levels(open: String, close: String) {
        let depth = 100_000
        let inner = #"{"password":"s3cr3t","room":"7"}"#
        let text = String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
        let found = String(decoding: redacted(Array(text.utf8)), as: UTF8.self)
        #expect(found == text.replacing("s3cr3t", with: "******"))
    }

    @Test("a hundred thousand levels in a secret")
    func secretLevels() {
        let depth = 100_000
        let text =
            #"{"password":"# + String(repeating: "[", count: depth) + #""s3cr3t""#
            + String(repeating: "]", count: depth) + "}"
        #expect(String(decoding: redacted(Array(text.utf8)), as: UTF8.self) == text.replacing("s3cr3t", with: "******"))
    }

    @Test("a string of a million bytes", arguments: ["a", "\\\\", "\\\"", "%41", "&amp;", "é", "\\u0041"])
    func strings(part: String) {
        let long = String(repeating: part, count: 1_000_000 / part.utf8.count)
        let text = "{\"note\":\"\(long)\",\"password\":\"s3cr3t\"}"
        let found = String(decoding: redacted(Array(text.utf8)), as: UTF8.self)
        #expect(found == text.replacing("s3cr3t", with: "******"))
    }

    @Test("strings in strings, deeper than they are looked into, go as a whole")
    func nested() {
        var text = #"{"password":"s3cr3t"}"#
        for _ in 0..<12 {
            text = "{\"a\":\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"}"
            #expect(redacted(Array(text.utf8)).firstRange(of: Array("s3cr3t".utf8)) == nil)
        }
    }

    @Test("percent-encoding of percent-encoding", arguments: 1...12)
    func encoded(depth: Int) {
        var text = "token=s3cr3t"
        for _ in 0..<depth { text = text.replacing("%", with: "%25").replacing("=", with: "%3D") }
        #expect(redacted(Array(text.utf8)).firstRange(of: Array("s3cr3t".utf8)) == nil)
    }

    @Test("what is no UTF-8 stays, and what stands around it is found")
    func invalid() {
        let bytes: [UInt8] = [0xFF, 0xC3, 0x28, 0x80] + Array(" password=s3cr3t ".utf8) + [0xED, 0xA0, 0x80, 0xFE]
        let found = redacted(bytes)
        #expect(found.firstRange(of: Array("s3cr3t".utf8)) == nil && found.count == bytes.count)
        #expect(found.prefix(4) == bytes.prefix(4) && found.suffix(4) == bytes.suffix(4))
    }

    @Test("any bytes keep their number, and only stars are new", arguments: 0..<300)
    func anyBytes(seed: UInt64) {
        let parts = [
            "\"", "\\", "{", "}", "[", "]", ":", "=", ",", "<", ">", "/", "&", ";", "%", "%22", "&quot;", " ", "\n",
            "password", "token", "name", "value", "Basic ", "Bearer ", "eyJhbGci", "-----BEGIN PRIVATE KEY-----", "$",
            "'",
            "1.2.3.4", "<password>", "</password>", "\\u0061", "a", "\u{FF}", "`", "--", "://", "@", "=>",
        ].map { Array($0.utf8) }
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var bytes: [UInt8] = []
        for _ in 0..<60 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes += parts[Int(state >> 33) % parts.count]
        }
        let found = redacted(bytes)
        #expect(found.count == bytes.count)
        #expect(zip(found, bytes).allSatisfy { $0 == $1 || $0 == UInt8(ascii: "*") })
        let following = redacted(bytes + Array("\n{\"password\":\"s3cr3t9Zx\"}\n".utf8))
        #expect(following.firstRange(of: Array("s3cr3t9Zx".utf8)) == nil)
    }
}
