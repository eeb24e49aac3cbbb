import TapHTTP
import TapTestSupport
import Testing

@Suite("Gaps and starts in the middle")
struct GapTests {
    static let next = "GET /next HTTP/1.1\r\n\r\n"

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let before: String
        let gap: Int
        let after: String
        let labels: [String]
        var testDescription: String { name }

        init(_ name: String, _ before: String, _ gap: Int, _ after: String, _ labels: [String]) {
            self.name = name
            self.before = before
            self.gap = gap
            self.after = after
            self.labels = labels
        }
    }

    static let sized = "POST /a HTTP/1.1\r\nContent-Length: 10\r\n\r\n"
    static let chunked = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test(
        "bytes that are missing from a body are counted; elsewhere a head is looked for",
        arguments: [
            Row("inside a body", sized + "ab", 4, "cdef" + next, ["/a", "/next"]),
            Row("up to the end of a body", sized + "ab", 8, next, ["/a", "/next"]),
            Row("a whole body", sized, 10, next, ["/a", "/next"]),
            Row("over the end of a body", sized + "ab", 9, "? " + next, ["/a"]),
            Row("over the end of a body, up to a head", sized + "ab", 9, next, ["/a", "/next"]),
            Row("inside a chunk", chunked + "a\r\nab", 4, "cdef\r\n0\r\n\r\n" + next, ["/a", "/next"]),
            Row("up to the end of a chunk", chunked + "a\r\nab", 8, "\r\n1\r\nx\r\n0\r\n\r\n" + next, ["/a", "/next"]),
            Row("over the end of a chunk", chunked + "a\r\nab", 10, "0\r\n\r\n" + next, ["/a"]),
            Row("inside a chunk's size", chunked + "a", 1, next, ["/a", "/next"]),
            Row("inside a trailer", chunked + "0\r\nA", 1, next, ["/a", "/next"]),
            Row("inside a head", "GET /a HTTP/1.1\r\nA: ", 4, "\r\n\r\n" + next, []),
            Row("inside a head, up to the next", "GET /a HTTP/1.1\r\nA: ", 4, next, ["/next"]),
            Row("before the first byte", "", 100, next, ["/next"]),
            Row("between two heads", next, 100, next, ["/next", "/next"]),
            Row("in a body without an end", "HTTP/1.1 200 OK\r\n\r\nab", 100, next, ["200"]),
            Row("in what is not HTTP", "\u{1}\u{3}\u{1}", 100, next, ["not HTTP"]),
        ])
    func gap(row: Row) {
        var reader = StreamReader()
        reader.read(row.before)
        reader.stream.skip(row.gap)
        reader.read(row.after)
        #expect(reader.readings.map(\.label) == row.labels)
    }

    @Test("of two gaps in one chunk each is counted")
    func twoGaps() {
        var reader = StreamReader()
        reader.read(Self.chunked + "14\r\nab")
        reader.stream.skip(5)
        reader.read("cde")
        reader.stream.skip(9)
        reader.read("f\r\n0\r\n\r\n" + Self.next)
        #expect(reader.readings.map(\.label) == ["/a", "/next"])
    }

    @Test("in the middle of a connection a head is looked for where segments begin")
    func seeking() {
        var reader = StreamReader(isStartKnown: false)
        for piece in [
            "\u{81}\u{5}hello", "tail of a body\r\n", "GET the point", "HTTP/1.1 is old", "", "GET /x", Self.next,
        ] {
            reader.read(piece)
            if piece != Self.next { #expect(reader.stream.isSeeking) }
        }
        reader.read("GET /more HTTP/1.1\r\n\r\n")
        #expect(reader.readings.map(\.label) == ["/next", "/more"])
    }

    @Test("a found head may be cut after its first line")
    func seekingCut() {
        var reader = StreamReader(isStartKnown: false)
        reader.read("GET /x HTTP/1.1\r\nHo")
        reader.read("st: a\r\n\r\n")
        #expect(reader.readings.map(\.label) == ["/x"])
    }

    @Test("a head is told from what only begins like one")
    func looksLikeHead() {
        func looks(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            return HTTPStream.looksLikeHead(bytes.span.bytes)
        }
        #expect(looks("GET / HTTP/1.1\r\n"))
        #expect(looks("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket"))
        #expect(!looks(""))
        #expect(!looks("GET / HTTP/1.1"))
        #expect(!looks("HTTP/1.1 101\u{0} but no line"))
        #expect(!looks("\r\nGET / HTTP/1.1\r\n"))
    }

    @Test("after a restart the next byte is the first of a head")
    func restart() {
        var reader = StreamReader(isStartKnown: false)
        reader.read("nothing")
        reader.stream.restart()
        reader.read("GET /x HT")
        reader.read("TP/1.1\r\n\r\n")
        #expect(reader.readings.map(\.label) == ["/x"])
    }
}
