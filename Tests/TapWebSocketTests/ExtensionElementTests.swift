import TapWebSocket
import Testing

@Suite("Extensions as they are written")
struct ExtensionElementTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        /// `name`, then `parameter` or `parameter=value` of each; absent where it breaks the grammar.
        let parts: [String]?
        var testDescription: String { "“\(text)”" }

        init(_ text: String, _ parts: [String]?) { (self.text, self.parts) = (text, parts) }
    }

    /// RFC 6455 §9.1, and RFC 9110 §5.6.4 of quoted strings.
    static let rows = [
        Row("foo", ["foo"]),
        Row("foo; a=1; b; c=x-y", ["foo", "a=1", "b", "c=x-y"]),
        Row("  foo\t;a = 1 ;\tb  ", ["foo", "a=1", "b"]),
        Row(#"foo; a="1""#, ["foo", "a=1"]),
        Row(#"foo; a=1; b="q\x"; c"#, ["foo", "a=1", "b=qx", "c"]),
        Row(#"foo; a="\q\x""#, ["foo", "a=qx"]),
        Row(#"foo; a = "1" ; b"#, ["foo", "a=1", "b"]),
        Row(#"foo; a="1\0""#, ["foo", "a=10"]),
        // What is in the quotes must be a token, too.
        Row(#"foo; a="""#, nil),
        Row(#"foo; a="1 2""#, nil),
        Row(#"foo; a=" 1""#, nil),
        Row(#"foo; a="1;2""#, nil),
        Row(#"foo; a="1\;2""#, nil),
        Row(#"foo; a="1\,2""#, nil),
        Row(#"foo; a="1\=2""#, nil),
        Row(#"foo; a="1\"2""#, nil),
        Row(#"foo; a="1\\2""#, nil),
        Row(#"foo; a="é""#, nil),
        // Quotes that do not end, or not where the value does.
        Row(#"foo; a="1"#, nil),
        Row(#"foo; a="1\""#, nil),
        Row(#"foo; a="1\"#, nil),
        Row(#"foo; a=""#, nil),
        Row(#"foo; a="1"2"#, nil),
        Row(#"foo; a="1" b"#, nil),
        Row(#"foo; a=1"2""#, nil),
        Row(#""foo""#, nil),
        Row(#"foo; "a"=1"#, nil),
        Row(#"foo; a=q\x"#, nil),
        // Parts that are missing, or too many.
        Row("", nil),
        Row(";", nil),
        Row("foo;", nil),
        Row("foo; ; a", nil),
        Row("foo bar", nil),
        Row("foo=1", nil),
        Row("foo; a b", nil),
        Row("foo; =1", nil),
        Row("foo; a=", nil),
        Row("foo; a==1", nil),
        Row("foo; a=1=2", nil),
    ]

    @Test("are read where they keep to the grammar", arguments: rows)
    func read(row: Row) {
        let element = ExtensionElement(parsing: row.text)
        let parts = element.map { element in
            [element.name] + element.parameters.map { $0.name + ($0.value.map { "=\($0)" } ?? "") }
        }
        #expect(parts == row.parts)
    }
}
