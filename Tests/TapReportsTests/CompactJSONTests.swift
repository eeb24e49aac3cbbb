import TapAnalysis
import TapReports
import TapWebSocket
import Testing

@Suite("JSON in a dialogue")
struct CompactJSONTests {
    private func shown(_ text: String) throws -> String {
        var script = Script()
        script.message(.client, .text, Array(text.utf8))
        let lines = script.text(of: FollowReport(1, form: .dialogue(width: 200, color: false, hasSides: false)))
        return String(try #require(lines.split(separator: "\n").first).dropFirst(22))
    }

    @Test(
        "is written without the spaces between its tokens",
        arguments: [
            (#"{"a": 1, "b": [ true , null ]}"#, #"{"a":1,"b":[true,null]}"#), ("[ ]", "[]"),
            (" {\n\t\"a\" :\r\n 2 } ", #"{"a":2}"#),
            (#"["a b", "c \" d", "\\"]"#, #"["a b","c \" d","\\"]"#), (#"{"ä b": -1.5E+3}"#, #"{"ä b":-1.5E+3}"#),
        ])
    func compact(text: String, expected: String) throws { #expect(try shown(text) == expected) }

    @Test(
        "what only looks like it stays as it is",
        arguments: [
            "{hello world}", "[1 2]", "[true false]", "[1, 2", #"{"a": "b}"#, "[1], [2]", "[1] [2]", "{]", "{ } }",
            #"42["chat", {"a": 1}]"#, "a b", #""a  b""#, "[a , b]",
        ])
    func other(text: String) throws { #expect(try shown(text) == text) }
}
