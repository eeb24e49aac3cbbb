import TapSubprotocols
import Testing

@Suite("JSON documents")
struct JSONDocumentTests {
    private func fault(_ text: String) -> JSONDocument.Fault? {
        do {
            _ = try JSONDocument(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "that RFC 8259 allows are read",
        arguments: [
            "0", "-0", "1.5e+3", "1E9", "true", "false", "null", "\"\"", "[]", "{}", " [ 1 , 2 ] ", "\t\r\n{\"a\":{}}",
            #""\"\\\/\b\f\n\r\té😀""#, #"{"":[[],{}]}"#, "123456789012345678901234567890", #"{"a":1,"a":2}"#,
        ])
    func valid(text: String) { #expect(fault(text) == nil) }

    @Test(
        "that it does not allow are not, and it is told where",
        arguments: [
            ("", 0), (" ", 1), ("[", 1), ("[1", 2), ("{\"a\"", 4), ("[1]2", 3), ("[1,]", 3), ("{\"a\":1,}", 7),
            ("{1:2}", 1),
            ("[1}", 2), ("01", 0), ("1.", 0), (".5", 0), ("+1", 0), ("1e", 0), ("-", 0), ("truE", 0), ("nul", 0),
            ("\"a", 2), ("\"\\x\"", 1), ("\"\\u12g4\"", 1), ("\"\\u12\"", 1), ("\"\n\"", 1), ("{\"a\" 1}", 5),
            ("[1 2]", 3),
            ("'a'", 0), ("NaN", 0), (":", 0), ("]", 0), ("\"\\", 2), ("\"\\\"", 3), ("\"a\nb", 2),
            ("1a", 1), ("1.5.", 0), ("--1", 0), ("-01", 0), ("truex", 0), ("true1", 4), ("[true false]", 6),
            ("{\"a\":}", 5),
            ("{]", 1), ("{,}", 1), ("[,]", 1), ("\"1234567\u{1}\"", 8),
        ])
    func invalid(text: String, offset: Int) {
        let fault = fault(text)
        #expect(fault?.offset == offset, "\(text): \(String(describing: fault))")
    }

    @Test("give members, elements and texts")
    func values() throws {
        let text = #"{"method":"a\u00e9\ud83d\ude00\n","id":7,"params":[true,null,{"x":1.5}],"id":8,"i\u0064":9}"#
        let root = try JSONDocument(Array(text.utf8)).root
        #expect(root["method"]?.string == "aé😀\n")
        #expect(root["id"]?.integer == 9, "the last one counts, however it is written")
        #expect(root["params"]?.count == 3)
        #expect(root["params"]?[0]?.boolean == true)
        #expect(root["params"]?[1]?.kind == .null)
        #expect(root["params"]?[2]?["x"]?.plain == "1.5")
        #expect(root["params"]?[3] == nil)
        #expect(root["none"] == nil)
        #expect(root.members.map(\.name) == ["method", "id", "params", "id", "id"])
    }

    @Test("lone surrogates become U+FFFD", arguments: [#""\ud83d""#, #""\udE00""#, #""\ud83dx""#, #""\ud83d\n""#])
    func surrogates(text: String) throws {
        let string = try #require(JSONDocument(Array(text.utf8)).root.string)
        #expect(string.unicodeScalars.first == "\u{FFFD}")
    }

    @Test("of a hundred thousand levels are bounded")
    func deep() {
        #expect(fault(String(repeating: "[", count: 100_000))?.offset == JSONDocument.deepest)
        let allowed = JSONDocument.deepest
        #expect(fault(String(repeating: "[", count: allowed) + String(repeating: "]", count: allowed)) == nil)
    }

    @Test("of a hundred thousand values keep the first, and judge all")
    func wide() throws {
        let text = "[" + Array(repeating: "1", count: 100_000).joined(separator: ",") + "]"
        let root = try JSONDocument(Array(text.utf8)).root
        #expect(root.count == 100_000)
        #expect(root.elements.count == JSONDocument.keptNodes - 1)
        #expect(fault(text.dropLast() + ",}") != nil)
    }

    @Test("an excerpt is cut at a character, without the space between tokens")
    func excerpt() throws {
        let root = try JSONDocument(Array("{ \"a\" : [ 1,\n 2 ], \"é\" : \"é é\" }".utf8)).root
        #expect(root.excerpt() == #"{"a":[1,2],"é":"é é"}"#)
        #expect(root.excerpt(upTo: 13) == "{\"a\":[1,2],\"…")
        #expect(root.excerpt(upTo: 14) == "{\"a\":[1,2],\"é…")
    }
}
