import TapCore
import TapTestSupport
import Testing

@Suite("JSON tokens")
struct JSONTokenTests {
    private func words(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return JSONToken.all(in: bytes[...]).map { "\($0.kind) \(String(decoding: bytes[$0.range], as: UTF8.self))" }
    }

    @Test("are found one after the other")
    func all() {
        #expect(
            words(#"{"a\"": [-1.5e+3,true]} "#) == [
                "opening {", #"string "a\"""#, "colon :", "space  ", "opening [", "number -1.5e+3", "comma ,",
                "word true",
                "closing ]", "closing }", "space  ",
            ])
        #expect(words("\"open") == ["string \"open"])
        #expect(words(#""\"#) == [#"string "\"#])
        #expect(words("#ü") == ["other #", "other \u{FFFD}", "other \u{FFFD}"])
        #expect(words("").isEmpty)
    }

    @Test("together are the whole text, whatever it is", arguments: 0..<50)
    func whole(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let signs = Array("{}[]:,\"\\ \n-19.eEtruefalsenull#\u{FF}".utf8)
        let length = generator.length(upTo: 300)
        let text = (0..<length).map { _ in signs.randomElement(using: &generator) ?? 0 }
        let tokens = JSONToken.all(in: text[...])
        var end = 0
        for token in tokens {
            #expect(token.range.lowerBound == end && !token.range.isEmpty)
            end = token.range.upperBound
        }
        #expect(end == text.count)
    }
}
