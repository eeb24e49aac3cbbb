import TapReports
import Testing

@Suite("What is shown of a payload that was searched for")
struct TableExcerptTests {
    /// What stands in the row of a text, behind its length: 34 cells.
    private func shown(_ text: String, for search: TextSearch?, color: Bool = false) throws -> String {
        var script = Script()
        script.text(.client, text)
        var options = ReportOptions(events: .frame, payload: .preview)
        options.search = search
        let row = script.text(of: TableReport(options, width: 79, color: color))
        #expect(row.count { $0 == "\n" } == 1)
        return String(try #require(row.split(separator: " B  ", maxSplits: 1).last).dropLast())
    }

    private static let ten = "0123456789"

    @Test(
        "a text begins so late that the match is seen",
        arguments: [
            ("a needle", "a needle"),
            (ten + ten + "needle 012345", ten + ten + "needle 012345"),
            (ten + ten + ten + "needle", "…" + "456789" + ten + ten + "needle"),
            (ten + ten + ten + ten + "needle" + ten, "…" + "4567890123456789needle" + ten),
            (ten + ten + ten + ten + "needle" + ten + ten + ten, "…" + ten + "needle" + ten + "012345…"),
            (ten + ten + ten + ten, ten + ten + ten + "012…"),
            ("\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{E}\u{F}needle", #"…\x05\x06\x07\x08\x0e\x0fneedle"#),
            ("漢字漢字漢字漢字漢字漢字漢字漢字漢字needle", "…漢字漢字漢字漢字needle"),
            (
                #"{"id": 17, "sender": "Kofi", "text": "a needle in hay", "more": "hay and hay"}"#,
                #"…text":"a needle in hay","more":"…"#
            ),
            (#"{"a": 1, "b": 2, "c": "needle", "d": 3}"#, #"{"a":1,"b":2,"c":"needle","d":3}"#),
        ])
    func excerpt(text: String, expected: String) throws {
        let row = try shown(text, for: TextSearch("needle", ignoresCase: false))
        #expect(row == expected)
    }

    @Test(
        "a match is found in any case where that is wanted, by what letters are in small",
        arguments: [
            ("Zürich", "zürich", true), ("ZÜRICH", "zürich", true), ("Zürich", "zürich", false),
            ("ZÜRIC", "zürich", true), ("İzmir", "i\u{307}z", true), ("x\u{1F600}Y", "\u{1F600}y", true),
            ("x", "", true),
        ])
    func cases(text: String, wanted: String, ignoresCase: Bool) throws {
        let row = try shown(text, for: TextSearch(wanted, ignoresCase: ignoresCase), color: true)
        let isThere = ignoresCase ? text.lowercased().contains(wanted) : text.contains(wanted)
        #expect(row.contains("\u{1B}[7m") == (isThere && !wanted.isEmpty), "\(row)")
        #expect(row.replacing(/\u{1B}\[[0-9;]*m/, with: "") == text)
    }

    @Test("what was found is marked in colours, in JSON within its tokens and across them")
    func marks() throws {
        let found = { (text: String) in "\u{1B}[7m\(text)\u{1B}[0m" }
        #expect(
            try shown("a needle, a needle", for: TextSearch("needle", ignoresCase: false), color: true)
                == "a \(found("needle")), a needle")
        let json = try shown(#"{"name": "x"}"#, for: TextSearch(#"me": "x"#, ignoresCase: false), color: true)
        #expect(
            json.contains("\u{1B}[38;5;67m\"na\u{1B}[0m" + found("me\"") + found(":") + found("\"x") + "\"\u{1B}[2m}"))
    }

    @Test("without a search, or without a match, a text begins where it begins", arguments: [nil, "nothing of it"])
    func beginning(wanted: String?) throws {
        let text = String(repeating: TableExcerptTests.ten, count: 5)
        let search = wanted.map { TextSearch($0, ignoresCase: true) }
        #expect(try shown(text, for: search).hasPrefix(text.prefix(33) + "…"))
    }
}
