import TapReports
import Testing

@Suite("Zeek's log")
struct ZeekReportTests {
    private func row(_ fields: [(String, String)], target: String = "/chat") -> [Substring] {
        var script = Script()
        script.handshake(request: Script.request(target: target, fields: fields))
        let lines = script.text(of: ZeekReport(.tabs)).split(separator: "\n")
        return lines.first { !$0.hasPrefix("#") }?.split(separator: "\t") ?? []
    }

    @Test("the head says what the columns are, also of an empty log")
    func head() {
        let lines = Script().text(of: ZeekReport(.tabs)).split(separator: "\n")
        #expect(
            lines.prefix(5) == [
                #"#separator \x09"#, "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-",
                "#path\twebsocket",
            ])
        #expect(lines.count == 9)
        #expect(lines[6].split(separator: "\t").count == lines[7].split(separator: "\t").count)
    }

    @Test(
        "what means something to Zeek, or to a terminal, is escaped",
        arguments: [
            ("plain", "plain"), ("-", #"\x2d"#), ("(empty)", #"\x28empty)"#), ("a\tb", #"a\x09b"#),
            ("a\\b", #"a\x5cb"#),
            ("\u{1B}[2J", #"\x1b[2J"#), ("é", "é"), ("\u{202E}x", #"\xe2\x80\xaex"#), ("", "(empty)"),
        ])
    func cells(text: String, cell: String) { #expect(row([("User-Agent", text)])[8] == cell) }

    @Test("elements of a list keep their commas")
    func lists() {
        let cells = row([("Sec-WebSocket-Protocol", #"a, "b,c""#)])
        #expect(cells[10] == #"a,"b\x2cc""#)
    }

    @Test("what was refused is no connection of WebSocket")
    func refused() {
        var script = Script()
        script.handshake(.refused, response: Script.response(401, "Unauthorized"))
        #expect(script.text(of: ZeekReport(.json)).isEmpty)
    }
}
