import TapHTTP
import Testing

@Suite("Fields")
struct FieldTests {
    private func fields(_ pairs: [(String, String)]) -> HTTPFields {
        HTTPFields(pairs.map { HTTPField(name: $0.0, value: $0.1) })
    }

    @Test("names match in any case", arguments: ["Sec-WebSocket-Key", "sec-websocket-key", "SEC-WEBSOCKET-KEY"])
    func anyCase(name: String) {
        #expect(fields([("Sec-WebSocket-Key", "x"), ("Other", "y")])[name] == ["x"])
    }

    @Test("letters beyond ASCII do not match in another case, nor do names of other lengths")
    func onlyASCII() {
        #expect(HTTPText.equalsIgnoringCase("AbZ[", "aBz["))
        #expect(!HTTPText.equalsIgnoringCase("É", "é"))
        #expect(!HTTPText.equalsIgnoringCase("@", "`"))
        #expect(!HTTPText.equalsIgnoringCase("Host", "Hosts"))
        #expect(!HTTPText.equalsIgnoringCase("\u{212A}", "k"))
    }

    struct List: Sendable {
        let values: [String]
        let elements: [String]

        init(_ values: [String], _ elements: [String]) {
            self.values = values
            self.elements = elements
        }
    }

    @Test(
        "lists are split at commas outside quoted strings, over all lines",
        arguments: [
            List([], []),
            List([""], []),
            List(["a"], ["a"]),
            List(["a, b", "c"], ["a", "b", "c"]),
            List([" ,a,, b ,\t"], ["a", "b"]),
            List(["a; x=\"1, 2\", b"], ["a; x=\"1, 2\"", "b"]),
            List(["\"a\\\", b\", c"], ["\"a\\\", b\"", "c"]),
            List(["\"open, a", "b"], ["\"open, a", "b"]),
            List(["a\\, b"], ["a\\", "b"]),
            List(["é, ü"], ["é", "ü"]),
        ])
    func list(row: List) {
        #expect(fields(row.values.map { ("X", $0) }).list("x") == row.elements)
    }

    @Test("a list contains its tokens in any case, and only whole ones")
    func contains() {
        let fields = fields([("Connection", "keep-alive, Upgrade"), ("Upgrade", "WebSocket")])
        #expect(fields.list("connection", contains: "upgrade"))
        #expect(fields.list("Upgrade", contains: "websocket"))
        #expect(!fields.list("Connection", contains: "keep"))
        #expect(!fields.list("Missing", contains: "upgrade"))
    }

    @Test(
        "white space is trimmed at both ends, and nothing else is",
        arguments: [
            ("", ""), (" \t ", ""), ("a", "a"), (" a b\t", "a b"), ("\u{a0}a\u{a0}", "\u{a0}a\u{a0}"), ("é ", "é"),
            // One grapheme with the space after it, but two scalars.
            ("\u{600} ", "\u{600}"), (" \u{301}a", "\u{301}a"), ("a\u{301} ", "a\u{301}"),
        ])
    func trimmed(text: String, expected: String) {
        #expect(Array(HTTPText.trimmed(text).utf8) == Array(expected.utf8))
    }
}
