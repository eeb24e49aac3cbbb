import TapCore
import TapReports
import Testing

@Suite("Escaping text for JSON")
struct JSONTextTests {
    /// The same, a character at a time.
    private func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar.value {
            case 0x22: #"\""#
            case 0x5C: #"\\"#
            case 0x09: #"\t"#
            case 0x0A: #"\n"#
            case 0x0D: #"\r"#
            case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2064, 0x2066...0x206F,
                0xFEFF, 0xE0000...0xE007F:
                Character(scalar).utf16.map { unit in
                    let digits = String(unit, radix: 16)
                    return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
                }.joined()
            default: String(scalar)
            }
        }.joined()
    }

    private func written(_ text: String) -> String {
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        JSONText.append(bytes.span.bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(
        "every character of one or two bytes is escaped as it is alone, wherever it stands in a word", arguments: 0...9)
    func characters(before: Int) {
        let wrong = (0..<0x800).compactMap(Unicode.Scalar.init).filter { scalar in
            let text = String(repeating: "x", count: before) + String(scalar) + "yz"
            return written(text) != escaped(text)
        }
        #expect(wrong == [])
    }

    @Test("eight bytes at once give what one character at a time does", arguments: [UInt64](1...60))
    func twin(seed: UInt64) {
        var random = RandomBytes(seed: seed)
        for alphabet in ["\"\\ab", "\"{}:,x", "\"é€😀\u{200D}\u{2028}ab", "\n\t\"ab", "приветمرحبا\u{85}\u{A0}\u{61C}"] {
            let length = Int.random(in: 0...1_200, using: &random)
            let text = String(
                (0..<length).compactMap { _ in alphabet.unicodeScalars.randomElement(using: &random) }.map(
                    Character.init))
            #expect(written(text) == escaped(text))
        }
    }
}
