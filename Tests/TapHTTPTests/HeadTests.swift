import TapHTTP
import TapTestSupport
import Testing

@Suite("Heads")
struct HeadTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let fields: [HTTPField]
        let oddities: HTTPOddities
        var testDescription: String { name }

        init(_ name: String, _ lines: String, _ fields: [(String, String)], _ oddities: HTTPOddities = []) {
            self.name = name
            text = "GET / HTTP/1.1\r\n" + lines
            self.fields = fields.map { HTTPField(name: $0.0, value: $0.1) }
            self.oddities = oddities
        }
    }

    static let rows = [
        Row("no fields", "\r\n", []),
        Row(
            "fields in order, as they were sent", "B: 2\r\na: 1\r\nb: 3\r\n\r\n", [("B", "2"), ("a", "1"), ("b", "3")]),
        Row("white space around values", "A:x\r\nB: \t y \t\r\nC:\r\n\r\n", [("A", "x"), ("B", "y"), ("C", "")]),
        Row("a value with colons", "Host: [::1]:80\r\n\r\n", [("Host", "[::1]:80")]),
        Row(
            "a folded line", "A: one\r\n  two\r\n\tthree\r\nB: x\r\n\r\n", [("A", "one two three"), ("B", "x")],
            .foldedLine),
        Row("a folded line after an empty value", "A:\r\n x\r\n\r\n", [("A", "x")], .foldedLine),
        Row("a folded line of white space only", "A: x\r\n  \r\nB: y\r\n\r\n", [("A", "x"), ("B", "y")], .foldedLine),
        Row("a folded line that continues nothing", " x\r\nA: y\r\n\r\n", [("A", "y")], .foldedLine),
        Row("lines that end in LF only", "A: x\nB: y\n\n", [("A", "x"), ("B", "y")], .bareLineFeed),
        Row("an empty line that is LF only", "A: x\r\n\n", [("A", "x")], .bareLineFeed),
        Row("a space before the colon", "A : x\r\n\r\n", [("A", "x")], .spaceBeforeColon),
        Row("a line without a colon", "nonsense\r\nA: x\r\n\r\n", [("A", "x")], .malformedLine),
        Row("a line that begins with a colon", ": x\r\nA: y\r\n\r\n", [("A", "y")], .malformedLine),
        Row(
            "everything at once", "A : x\n y\r\n!\r\n\r\n", [("A", "x y")],
            [.spaceBeforeColon, .bareLineFeed, .foldedLine, .malformedLine]),
        Row("bytes that are not UTF-8", "A: caf\u{e9}\r\n\r\n", [("A", "caf\u{e9}")]),
    ]

    @Test("each form of field line is read", arguments: rows)
    func fields(row: Row) {
        let start = HTTPStartLine.request(method: "GET", target: "/", version: "HTTP/1.1")
        #expect(StreamReader.readings(row.text) == [.head(start, row.fields, row.oddities)])
    }

    @Test("where a head is cut never changes what is read", arguments: rows)
    func cut(row: Row) {
        #expect(CutVerifier.disagreements(on: Array(row.text.utf8)) { StreamReader.readings($0) } == [])
    }

    struct StartLine: Sendable {
        let text: String
        let parsed: HTTPStartLine?

        init(_ text: String, _ parsed: HTTPStartLine?) {
            self.text = text
            self.parsed = parsed
        }
    }

    @Test(
        "start lines are read",
        arguments: [
            StartLine("GET /chat HTTP/1.1", .request(method: "GET", target: "/chat", version: "HTTP/1.1")),
            StartLine("GET / HTTP/1.0", .request(method: "GET", target: "/", version: "HTTP/1.0")),
            StartLine("M-SEARCH * HTTP/1.1", .request(method: "M-SEARCH", target: "*", version: "HTTP/1.1")),
            StartLine("CONNECT a:443 HTTP/1.1", .request(method: "CONNECT", target: "a:443", version: "HTTP/1.1")),
            StartLine("GET /a b c HTTP/1.1", .request(method: "GET", target: "/a b c", version: "HTTP/1.1")),
            StartLine("GET  /  HTTP/1.1", .request(method: "GET", target: "/", version: "HTTP/1.1")),
            StartLine(
                "HTTP/1.1 101 Switching Protocols",
                .response(version: "HTTP/1.1", status: 101, reason: "Switching Protocols")),
            StartLine("HTTP/1.1 200", .response(version: "HTTP/1.1", status: 200, reason: "")),
            StartLine("HTTP/1.0 999 ", .response(version: "HTTP/1.0", status: 999, reason: "")),
            StartLine("HTTP/1.1 99 Low", nil),
            StartLine("HTTP/1.1 1000 High", nil),
            StartLine("HTTP/1.1 +20 Sign", nil),
            StartLine("HTTP/2.0 200 OK", nil),
            StartLine("GET /", nil),
            StartLine("GET / HTTP/2.0", nil),
            StartLine("GET / HTTP/1.11", nil),
            StartLine("GET HTTP/1.1", nil),
            StartLine("GET / RTSP/1.0", nil),
            StartLine("PRI * HTTP/2.0", nil),
            StartLine("OPTIONS sip:a SIP/2.0", nil),
        ])
    func startLine(row: StartLine) {
        let readings = StreamReader.readings(row.text + "\r\n\r\n", methods: ["HEAD"])
        #expect(readings == [row.parsed.map { .head($0, [], []) } ?? .notHTTP])
    }

    @Test("a head tells the packet that holds its last byte")
    func packet() {
        var stream = HTTPStream(isStartKnown: true, headLimit: 1_000)
        var packets: [UInt64] = []
        for (index, piece) in ["GET / HT", "TP/1.1\r\nA: b\r\n\r", "\nrest"].enumerated() {
            let bytes = Array(piece.utf8)
            var offset = 0
            let event = stream.read(bytes.span.bytes, from: &offset, in: .numbered(index + 7))
            guard case .head(let head) = event else { continue }
            packets.append(head.packet.rawValue)
            #expect(offset == 1)
        }
        #expect(packets == [9])
    }

    @Test("empty lines before a head are passed over", arguments: ["\r\n", "\n", "\r\n\r\n\r\n", "\n\r\n"])
    func leadingLines(lines: String) {
        #expect(StreamReader.readings(lines + "GET /x HTTP/1.1\r\n\r\n").map(\.label) == ["/x"])
    }

    @Test("a head of very many folded lines is read")
    func manyFolds() {
        let lines = String(repeating: " x\r\n", count: 20_000)
        let readings = StreamReader.readings("GET / HTTP/1.1\r\nA: x\r\n\(lines)\r\n", headLimit: 1 << 20)
        guard case .head(_, let fields, _) = readings.first else {
            Issue.record("no head")
            return
        }
        #expect(fields.map(\.value.utf8.count) == [40_001])
    }
}
