import TapCore
import TapRedaction
import Testing

@Suite("What is taken for a secret in a text")
struct SecretScanTests {
    private static let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"

    private func redacted(_ text: String) -> String {
        let comment = CaptureComment(.section, Array(text.utf8))
        var redaction = Redaction(.secrets)
        return String(decoding: redaction.redacted(comment).text, as: UTF8.self)
    }

    @Test(
        "secrets become stars, and their length stays",
        arguments: [
            ("x \(token) y", "x \(String(repeating: "*", count: token.utf8.count)) y"),
            (#"{"token":"abc","n":1}"#, #"{"token":"***","n":1}"#),
            (#"{"access_token" : "a\"b"}"#, #"{"access_token" : "****"}"#),
            (#"{"apiKey":12345}"#, #"{"apiKey":*****}"#),
            (#""{\"password\":\"hunter2\"}""#, #""{\"password\":\"*******\"}""#),
            ("/a?room=1&key=abc#x", "/a?room=1&key=***#x"), ("?sid=abc;b=c", "?sid=***;b=c"),
            ("password=abc next", "password=*** next"), ("Bearer abc.def~+/=", "Bearer ***********"),
            ("Authorization: bearer abcdefgh", "Authorization: bearer ********"),
            ("https://me:pass@host/", "https://*******@host/"), (#"{"token":"cut of"#, #"{"token":"******"#),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzd", "**************************"),
        ])
    func secrets(text: String, redacted: String) { #expect(self.redacted(text) == redacted) }

    @Test(
        "what is no secret stays",
        arguments: [
            "hello", "/chat?room=1", #"{"type":"key","key":"Enter"}"#, "a=b", "key = value", "eyJ",
            "heyJude, hello there",
            "token", "{\"token\":}", "\"token\":", "the bearer of news", "https://host/a@b", "=", ":", "\"\":\"\"", "",
            "http://", "Bearer ", "monkey=abc",
        ])
    func harmless(text: String) { #expect(redacted(text) == text) }

    @Test("any bytes can be looked through, and keep their number", arguments: 0..<200)
    func anyBytes(seed: UInt64) {
        let letters = Array("eyJ.:=\"\\ &?/@tokenbearer\u{0}\u{FF}é".utf8)
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        let text = (0..<300).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return letters[Int(state >> 33) % letters.count]
        }
        var redaction = Redaction(.secrets)
        let found = redaction.redacted(CaptureComment(.section, text)).text
        #expect(found.count == text.count)
        #expect(zip(found, text).allSatisfy { $0 == $1 || $0 == UInt8(ascii: "*") })
    }

    @Test("with payloads taken out, nothing of a comment is left to tell")
    func lengths() {
        let text = Array("eyJhbGciOiJIUzI1NiJ9.eyJzd".utf8)
        var redaction = Redaction(.payloads)
        #expect(redaction.redacted(CaptureComment(.section, text)).text.count == text.count)
    }
}
