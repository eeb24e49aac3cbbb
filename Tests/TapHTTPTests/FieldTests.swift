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

    @Test("each known field is found by its name in any case, and by no other", arguments: HTTPFieldName.allCases)
    func known(name: HTTPFieldName) {
        let lowercased = name.lowercased.description
        for text in [lowercased, lowercased.uppercased()] {
            let fields = fields([("First", "1"), (text, "2"), ("Last", "3")])
            #expect(HTTPFieldName.allCases.filter { fields.has($0) } == [name])
            #expect(fields[name] == ["2"] && fields[text] == ["2"] && fields.first(name) == "2")
        }
        for place in lowercased.utf8.indices {
            for bit: UInt8 in [0x01, 0x10, 0x20, 0x40, 0x80] {
                var bytes = Array(lowercased.utf8)
                bytes[lowercased.utf8.distance(from: lowercased.startIndex, to: place)] ^= bit
                let text = String(decoding: bytes, as: UTF8.self)
                let isSame = HTTPText.equalsIgnoringCase(text, lowercased)
                #expect(fields([(text, "x")]).has(name) == isSame, "\(bytes)")
            }
        }
        #expect(!fields([(lowercased + "x", "x"), (String(lowercased.dropLast()), "x")]).has(name))
    }

    @Test("one line of a field, and what it says, is told from several and from none")
    func only() {
        let fields = fields([("Upgrade", "a"), ("Host", "b"), ("upgrade", "c")])
        #expect(fields.onlyBytes(.host).map { Array($0) } == Array("b".utf8))
        #expect(fields.firstBytes(.upgrade).map { Array($0) } == Array("a".utf8))
        #expect(fields.onlyBytes(.upgrade) == nil && fields.onlyBytes(.connection) == nil)
        #expect(fields.has(.host, only: "b") && !fields.has(.host, only: "c") && !fields.has(.upgrade, only: "a"))
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
        #expect(fields.list(.connection, contains: "upgrade") && fields.list(.upgrade, contains: "websocket"))
        #expect(!fields.list(.connection, contains: "keep") && !fields.list(.host, contains: "upgrade"))
        #expect(fields.list(.connection) == ["keep-alive", "Upgrade"] && fields.list(.host).isEmpty)
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
