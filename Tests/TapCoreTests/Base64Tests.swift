import Foundation
import TapCore
import TapTestSupport
import Testing

@Suite("Base64")
struct Base64Tests {
    /// RFC 4648 §10.
    static let vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test("encodes and decodes the vectors of RFC 4648", arguments: vectors)
    func vector(plain: String, encoded: String) {
        #expect(Base64.string(Array(plain.utf8).span.bytes) == encoded)
        #expect(Base64.decode(encoded.utf8) == Array(plain.utf8))
        #expect(Base64.isCanonical(encoded))
    }

    @Test("agrees with Foundation on random bytes of every short length", arguments: 0...70)
    func oracle(length: Int) {
        var generator = SeededGenerator(seed: length)
        let bytes = generator.bytes(length)
        let text = Data(bytes).base64EncodedString()
        #expect(Base64.string(bytes.span.bytes) == text)
        #expect(Base64.decode(text.utf8) == bytes)
    }

    @Test("tells the encoding of some bytes from every other text of its length", arguments: 0...24)
    func isEncoding(length: Int) {
        let bytes = SeededGenerator.bytes(length, seed: length)
        let text = Array(Base64.string(bytes.span.bytes).utf8)
        func isEncoding(_ text: [UInt8]) -> Bool { Base64.isEncoding(text.span.bytes, of: bytes.span.bytes) }
        #expect(isEncoding(text) && !isEncoding(text + [UInt8(ascii: "A")]))
        for place in text.indices {
            for letter in "Aa0+/=\n".utf8 where letter != text[place] {
                var other = text
                other[place] = letter
                #expect(!isEncoding(other))
            }
        }
    }

    @Test("appends to what is there")
    func appends() {
        var output = Array("data:".utf8)
        let bytes = Array("foo".utf8)
        Base64.append(bytes.span.bytes, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "data:Zm9v")
    }

    @Test(
        "refuses what is no padded base64",
        arguments: [
            "Z", "Zg", "Zg=", "=", "==", "===", "====", "Z===", "Zg==Zg==", "Zg=a", "=Zg=", "Z=g=", "Zm9 ", "Zm-v",
            "Zm_v", "Zm9v\n", "Zm9v\r\n\r\n", " Zm9v   ", "Zmé=", "Zg==\u{0}\u{0}\u{0}\u{0}",
        ])
    func refuses(text: String) {
        #expect(Base64.decode(text.utf8) == nil)
        #expect(!Base64.isCanonical(text))
    }

    @Test(
        "decodes text whose unused bits are set, but does not call it canonical",
        arguments: [("Zh==", "f"), ("Zv==", "f"), ("Zm9=", "fo"), ("Zm+=", "fo")])
    func unusedBits(text: String, plain: String) {
        #expect(Base64.decode(text.utf8)?.first == plain.utf8.first)
        #expect(Base64.decode(text.utf8)?.count == plain.utf8.count)
        #expect(!Base64.isCanonical(text))
    }

    @Test("decodes random text exactly where the grammar allows it, and then as Foundation does")
    func randomText() {
        var generator = SeededGenerator(seed: 64)
        let alphabet = Array("ABYZabyz0189+/==-_ ".utf8)
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...8, using: &generator)).compactMap { _ in
                alphabet.randomElement(using: &generator)
            }
            let string = String(decoding: text, as: UTF8.self)
            let isBase64 =
                string.wholeMatch(of: /(?:[A-Za-z0-9+\/]{4})*(?:[A-Za-z0-9+\/]{2}==|[A-Za-z0-9+\/]{3}=)?/) != nil
            let expected = isBase64 ? Data(base64Encoded: string) : nil
            #expect(Base64.decode(text) == expected.map { Array($0) }, "“\(string)”")
            let isCanonical = expected?.base64EncodedString() == string
            #expect(Base64.isCanonical(string) == isCanonical, "“\(string)”")
            for count in 0...7 {
                let isOfCount = Base64.isCanonical(text.span.bytes, of: count)
                #expect(isOfCount == (isCanonical && expected?.count == count), "“\(string)”, \(count)")
            }
        }
    }

    @Test("knows the alphabet, at whatever place a byte stands", arguments: [3, 8, 16, 24, 31])
    func alphabet(count: Int) {
        let usual = Array(Base64.string([UInt8](repeating: 0x5A, count: count).span.bytes).utf8)
        let isUsual = Base64.isCanonical(usual.span.bytes, of: count)
        #expect(isUsual)
        for place in 0..<usual.count - 4 {
            for byte in UInt8.min ... .max {
                var text = usual
                text[place] = byte
                let isLetter = Base64Tests.alphabet.contains(byte)
                let isCanonical = Base64.isCanonical(text.span.bytes, of: count)
                if isCanonical != isLetter { Issue.record("\(byte) at \(place)") }
            }
        }
    }

    private static let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
