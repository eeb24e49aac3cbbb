import TapHTTP
import Testing

@Suite("Tokens")
struct TokenTests {
    @Test(
        "a token is letters, digits and a few signs, and at least one of them",
        arguments: [
            ("a", true), ("permessage-deflate", true), ("!#$%&'*+-.^_`|~09AZaz", true), ("", false), (" ", false),
            ("a b", false), ("a\t", false), ("a/b", false), ("a:b", false), ("a;b", false), ("a=b", false),
            ("a,b", false),
            ("\"a\"", false), ("(a)", false), ("<a>", false), ("a@b", false), ("[a]", false), ("{a}", false),
            ("a\\b", false),
            ("ä", false), ("a\u{0}", false), ("a\u{7F}", false),
        ])
    func token(text: String, isToken: Bool) {
        #expect(HTTPText.isToken(text) == isToken)
        #expect(HTTPText.isToken(Substring(text)) == isToken)
    }
}
