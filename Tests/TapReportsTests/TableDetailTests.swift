import TapReports
import Testing

@Suite("Details of the table")
struct TableDetailTests {
    private func rows(
        _ options: ReportOptions = ReportOptions(events: .frame, payload: .preview), width: Int = 100,
        color: Bool = false, times: TableTimes = .relative, _ build: (inout Script) -> Void
    ) -> [String] {
        var script = Script()
        build(&script)
        let report = TableReport(options, width: width, color: color, times: times)
        return script.text(of: report).split(separator: "\n").map(String.init)
    }

    private func row(_ text: String, color: Bool = false, width: Int = 100) throws -> String {
        let row = try #require(rows(width: width, color: color) { $0.text(.client, text) }.first)
        let parts = row.split(separator: " B  ", maxSplits: 1)
        return String(try #require(parts.last))
    }

    @Test("times may count from the time above, or from 1970")
    func times() {
        let build = { (script: inout Script) in
            script.text(.client, "one")
            script.text(.server, "two")
            script.advance(microseconds: 1_000_000)
            script.text(.server, "three")
        }
        #expect(rows(times: .delta, build).map { $0.prefix(10) } == ["  0.000000", "  0.000700", "  1.000700"])
        #expect(
            rows(times: .epoch, build).map { $0.prefix(17) } == [
                "1795168800.000823", "1795168800.001523", "1795168801.002223",
            ])
    }

    @Test(
        "a frame's header is drawn byte by byte",
        arguments: [
            (
                0x81, 5, true,
                [
                    "81           FIN 1 · RSV 000 · opcode 0001 text", "85           MASK 1 · length 0000101 = 5",
                    "37 fa 21 3d  masking key",
                ]
            ),
            (
                0x00, 0, false,
                [
                    "00           FIN 0 · RSV 000 · opcode 0000 continuation · the message goes on",
                    "00           MASK 0 · length 0000000 = 0",
                ]
            ),
            (
                0xD2, 300, false,
                [
                    "d2           FIN 1 · RSV 101 · opcode 0010 binary",
                    "7e           MASK 0 · length 1111110: in the next two bytes", "01 2c        length 300",
                ]
            ),
            (
                0x8B, 70_000, false,
                [
                    "8b                       FIN 1 · RSV 000 · opcode 1011 reserved-11",
                    "7f                       MASK 0 · length 1111111: in the next eight bytes",
                    "00 00 00 00 00 01 11 70  length 70,000",
                ]
            ),
        ] as [(UInt8, Int, Bool, [String])])
    func header(first: UInt8, length: Int, isMasked: Bool, drawn: [String]) {
        var options = ReportOptions(events: .frame, payload: .none)
        options.showsHeaders = true
        let shown = rows(options) { script in
            script.frame(isMasked ? .client : .server, first, Array(repeating: 0x41, count: length))
        }
        #expect(shown.dropFirst() == drawn.map { "            #1     \($0)" }[...])
    }

    @Test("no line ends in a space, wherever a text is folded", arguments: 60...70)
    func spaces(width: Int) {
        let text = String(repeating: "three or four words ", count: 20)
        for payload in [PayloadDetail.full, .preview] {
            let shown = rows(ReportOptions(events: .frame, payload: payload), width: width) { $0.text(.client, text) }
            #expect(
                shown.count > (payload == .full ? 5 : 0) && shown.allSatisfy { $0.last != " " && $0.count <= width })
        }
    }

    @Test("a dump shows every byte of a payload below its row")
    func dump() {
        var options = ReportOptions(events: .frame, payload: .preview)
        options.dumpsPayloads = true
        let shown = rows(options) { script in
            script.text(.client, "Hello, table of bytes")
            script.frame(.server, 0x89, [])
        }
        #expect(
            shown == [
                "  0.000700  #1   client →  text        21 B  Hello, table of bytes",
                "            #1     00000000  48 65 6c 6c 6f 2c 20 74 61 62 6c 65 20 6f 66 20  |Hello, table of |",
                "            #1     00000010  62 79 74 65 73                                   |bytes|",
                "  0.001400  #1   ← server  ping         0 B",
            ])
    }

    @Test(
        "JSON is shown without the spaces that mean nothing, and nothing else is changed",
        arguments: [
            (#"{"a": 1, "b": [true, null, -1.5e3]}"#, #"{"a":1,"b":[true,null,-1.5e3]}"#),
            (#"  {"a b": "c : d, e"} "#, #"{"a b":"c : d, e"}"#),
            (#"[ ]"#, "[]"), (#"[ "\"x, y\"" ]"#, #"["\"x, y\""]"#),
            ("[hello there, world]", "[hello there, world]"), ("{ not json }", "{ not json }"),
            (#"{"a" "b"}"#, #"{"a" "b"}"#), (#"{"a": 1] "#, #"{"a": 1]"#), ("[1, 2] and more", "[1, 2] and more"),
            (#"{"a", 1}"#, #"{"a", 1}"#), ("[1,, 2]", "[1,, 2]"), (#"{"a": }"#, #"{"a": }"#), ("42, 43", "42, 43"),
            ("[truth, false]", "[truth, false]"), (#""a,  b""#, #""a,  b""#),
        ])
    func json(text: String, shown: String) throws { #expect(try row(text) == shown) }

    @Test("names in JSON have a colour of their own")
    func jsonColors() throws {
        let name = "\u{1B}[38;5;67m\"a\"\u{1B}[0m"
        let value = "\u{1B}[38;5;136m1\u{1B}[0m"
        let faint = { (sign: String) in "\u{1B}[2m\(sign)\u{1B}[0m" }
        let shown = try row(#"{"a": 1, "b\u001b": "a"}"#, color: true)
        #expect(shown.hasPrefix(faint("{") + name + faint(":") + value + faint(",")))
        #expect(shown.hasSuffix(faint(":") + "\"a\"" + faint("}")))
        #expect(try row("{\"a\": \"\u{1B}[2J\"}", color: true).hasSuffix(#""\x1b[2J""# + faint("}")))
    }

    @Test("JSON of any length is cut at the end of the line", arguments: [60, 61, 62, 63, 80, 81])
    func cutJSON(width: Int) throws {
        let member = #""name": "value", "number": 12345, "#
        let text = "{" + String(repeating: member, count: 40) + #""end": []}"#
        for color in [false, true] {
            let shown = rows(width: width, color: color) { $0.text(.client, text) }
            let plain = try #require(shown.first).replacing(/\u{1B}\[[0-9;]*m/, with: "")
            #expect(shown.count == 1 && plain.count == width && plain.hasSuffix("…"), "\(plain)")
        }
    }

    @Test(
        "a compressed frame shows what it inflates to, if only nothing, and never its wire bytes for that",
        arguments: [
            (0xC1, Array("Hello".utf8), "text rsv1    1 B  → 5 B Hello"), (0xC1, [], "text rsv1    1 B  → 0 B"),
            (0xC2, [], "binary rsv1  1 B  → 0 B"), (0xC2, [0x41], "binary rsv1  1 B  → 1 B 41 |A|"),
            (0xC1, nil, "text rsv1    1 B  00 |.|"),
        ] as [(UInt8, [UInt8]?, String)])
    func inflated(first: UInt8, inflated: [UInt8]?, row: String) {
        var script = Script()
        script.frame(.client, first, [0], message: 1, inflated: inflated)
        for dumps in [false, true] {
            var options = ReportOptions()
            options.dumpsPayloads = dumps
            let lines = script.text(of: TableReport(options)).split(separator: "\n")
            #expect(lines.first?.hasSuffix("client →  \(row)") == true, "\(lines)")
            if inflated == [] { #expect(!lines.contains { $0.contains("00000000") }) }
        }
    }
}
