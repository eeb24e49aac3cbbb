import TapFilters
import Testing

@Suite("Reading filters")
struct FilterParserTests {
    @Test(
        "a filter is understood, and written in one way",
        arguments: [
            ("websocket.opcode == 1", "websocket.opcode == 1"),
            ("websocket.opcode eq text", "websocket.opcode == 1"),
            ("websocket.opcode==0x9", "websocket.opcode == 9"),
            ("  finding  ", "finding"),
            ("!finding", "not finding"),
            ("not not finding", "not not finding"),
            ("severity ge warning", "severity >= warning"),
            ("websocket.fin == 0", "websocket.fin == false"),
            ("websocket.mask != TRUE", "websocket.mask != true"),
            ("frame.time_relative > 1.5", "frame.time_relative > 1.500000000"),
            ("frame.time_relative > -0.000000001", "frame.time_relative > -0.000000001"),
            ("ip.addr == 10.0.0.0/8", "ip.addr == 10.0.0.0/8"),
            ("ipv6.src == 2001:DB8::/32", "ipv6.src == 2001:db8::/32"),
            ("client.ip == ::1", "client.ip == ::1"),
            ("websocket.masking_key == 37:fa:21:3d", "websocket.masking_key == 37:fa:21:3d"),
            ("websocket.masking_key == 37FA213D", "websocket.masking_key == 37:fa:21:3d"),
            ("websocket.payload contains 00", #"websocket.payload contains "\x00""#),
            ("path == /chat", #"path == "/chat""#),
            (#"path == "/a\"b\\c""#, #"path == "/a\"b\\c""#),
            ("path == 'it is \"so\"'", #"path == "it is \"so\"""#),
            (#"path matches "^/\d+\.html$""#, #"path matches "^/\\d+\\.html$""#),
            (#"path ~ r"\\""#, #"path matches "\\\\""#),
            ("lower(message.text) contains 'ü\\n'", #"lower(message.text) contains "ü\x0a""#),
            ("len(message.text) in {1, 3..5}", "len(message.text) in {1, 3..5}"),
            ("client.ip in {10.0.0.1..10.0.0.9,::1}", "client.ip in {10.0.0.1..10.0.0.9, ::1}"),
            ("severity in {warning..error}", "severity in {warning..error}"),
            ("finding and sender == client or type == frame", "(finding and sender == client) or type == frame"),
            ("finding && (message || connection)", "finding and (message or connection)"),
            ("not finding and message", "not finding and message"),
            ("!(finding or message)", "not (finding or message)"),
            ("not sender == client", "not sender == client"),
            ("finding and message and connection", "finding and message and connection"),
            ("finding and (message and connection)", "finding and (message and connection)"),
            ("(((finding)))", "finding"),
        ])
    func canonical(filter: String, written: String) throws {
        let expression = try FilterExpression(filter)
        #expect(expression.description == written)
        #expect(try FilterExpression(written) == expression)
    }

    struct Mistake: CustomTestStringConvertible, Sendable {
        let filter: String
        let reason: String
        /// What is marked.
        let marked: String
        var testDescription: String { filter }

        init(_ filter: String, _ reason: String, _ marked: String) {
            (self.filter, self.reason, self.marked) = (filter, reason, marked)
        }
    }

    @Test(
        "what is wrong is said, and where",
        arguments: [
            Mistake("", "the filter is empty", ""),
            Mistake("  ", "the filter is empty", ""),
            Mistake("websocket.opcod == 1", "did you mean websocket.opcode?", "websocket.opcod"),
            Mistake("opcode == 1", "did you mean websocket.opcode, message.opcode?", "opcode"),
            Mistake("nonsense", "“wstap fields” lists them", "nonsense"),
            Mistake("tcp.stream == 1", "as in connection == 3", "tcp.stream"),
            Mistake("websocket.opcode = 1", "a comparison is written ==", "="),
            Mistake("finding & message", "“and” is written &&", "&"),
            Mistake("finding AND message", "operators are written in small letters: and", "AND"),
            Mistake("websocket.opcode == txt", "is a number, or one of continuation, text, binary", "txt"),
            Mistake("connection == -1", "is a number", "-1"),
            Mistake("connection == +1", "is a number", "+1"),
            Mistake("connection == 99999999999999999999", "is a number", "99999999999999999999"),
            Mistake("websocket.fin == 2", "is true or false", "2"),
            Mistake("websocket.fin < true", "has no order", "<"),
            Mistake("ip.addr == 10.0.0.300", "is no IP address", "10.0.0.300"),
            Mistake("ip.addr == 10.0.0.0/33", "is no IP address", "10.0.0.0/33"),
            Mistake("ip.addr == 10.0.0.0/+8", "is no IP address", "10.0.0.0/+8"),
            Mistake("ip.addr in {10.0.0.0/8..11.0.0.0}", "has no order", "10.0.0.0/8"),
            Mistake("sender == clent", "did you mean client?", "clent"),
            Mistake("finding == close-mising", "did you mean close-missing?", "close-mising"),
            Mistake("verdict == good", "it is one of valid, invalid, refused", "good"),
            Mistake("frame.time_relative < soon", "is in seconds", "soon"),
            Mistake("frame.time_relative < 1.", "is in seconds", "1."),
            Mistake("frame.time_relative < 99999999999", "is in seconds", "99999999999"),
            Mistake("connection contains 1", "is a number: it contains nothing", "contains"),
            Mistake("connection matches '1'", "a regular expression needs text", "matches"),
            Mistake("path matches abc", "in quotes", "abc"),
            Mistake("path matches '(a'", "missing closing parenthesis", "'(a'"),
            Mistake("path == ", "the filter ends where a value is missing", ""),
            Mistake("path == (", "a value belongs here", "("),
            Mistake("path contains }", "the text to look for belongs here", "}"),
            Mistake("finding and", "the filter ends where a field is missing", ""),
            Mistake("== 1", "a test begins with the name of a field", "=="),
            Mistake("'path' == 1", "a test begins with the name of a field", "'path'"),
            Mistake("(finding", "this is not closed", "("),
            Mistake("finding)", "belongs before this", ")"),
            Mistake("finding message", "belongs before this", "message"),
            Mistake("path == 'a", "the quotes are not closed", "'"),
            Mistake("tcp.port in 80", "a list in braces belongs here", "80"),
            Mistake("tcp.port in {80 443}", "a comma or } belongs here", "443"),
            Mistake("tcp.port in {}", "a value belongs here", "}"),
            Mistake("lower(connection) == 1", "lower does not take connection, which is a number", "connection"),
            Mistake("len(message.text == 1", "a parenthesis closes here", "=="),
            Mistake("finding; message", "this sign has no meaning", ";"),
            Mistake("naïve == 1", "there is no field “naïve”", "naïve"),
        ])
    func mistakes(mistake: Mistake) throws {
        let error = try #require(throws: FilterError.self) { try FilterExpression(mistake.filter) }
        #expect(error.reason.contains(mistake.reason), "\(error.reason)")
        #expect(Array(mistake.filter.utf8)[error.range].elementsEqual(mistake.marked.utf8), "\(error.range)")
    }

    @Test("what is nested too deeply, or too long, is an error and no crash")
    func limits() throws {
        let levels = 60
        let deep = String(repeating: "(", count: levels) + "finding" + String(repeating: ")", count: levels)
        #expect(try FilterExpression(deep).description == "finding")
        for filter in [
            String(repeating: "(", count: 20_000), String(repeating: "!", count: 20_000) + "finding",
            String(repeating: "x", count: 70_000),
        ] {
            #expect(throws: FilterError.self) { try FilterExpression(filter) }
        }
        let wide = Array(repeating: "message", count: 5_000).joined(separator: " and ")
        #expect(try FilterExpression(wide).description == wide)
    }
}
