import TapHTTP
import TapTestSupport
import Testing

@Suite("Bodies")
struct BodyTests {
    /// A stream whose bodies are full of what looks like heads.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let methods: [String]
        let labels: [String]
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ labels: [String], methods: [String] = []) {
            self.name = name
            self.text = text
            self.methods = methods
            self.labels = labels
        }
    }

    static let trap = "GET /trap HTTP/1.1\r\n\r\n"
    static let next = "GET /next HTTP/1.1\r\n\r\n"
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    static let chunked = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"

    static let rows = [
        Row("requests without bodies", next + next + trap, ["/next", "/next", "/trap"]),
        Row(
            "a request with a length", "POST /a HTTP/1.1\r\nContent-Length: 22\r\n\r\n" + trap + next, ["/a", "/next"]),
        Row("a length of zero", "POST /a HTTP/1.1\r\ncontent-length: 0\r\n\r\n" + next, ["/a", "/next"]),
        Row(
            "a length said twice", "POST /a HTTP/1.1\r\nContent-Length: 22, 22\r\n\r\n" + trap + next, ["/a", "/next"]),
        Row("a length that is no number", "POST /a HTTP/1.1\r\nContent-Length: +22\r\n\r\n" + next, ["/a", "/next"]),
        Row("chunks", chunked + "16\r\n\(trap)\r\n1\r\nx\r\n0\r\n\r\n" + next, ["/a", "/next"]),
        Row("chunks in capital hexadecimal", chunked + "A\r\n0123456789\r\n0\r\n\r\n" + next, ["/a", "/next"]),
        Row("chunks with extensions", chunked + "16;a=b;c=\"d\"\r\n\(trap)\r\n0 ;e\r\n\r\n" + next, ["/a", "/next"]),
        Row("chunks with trailers", chunked + "16\r\n\(trap)\r\n0\r\nA: b\r\nC: d\r\n\r\n" + next, ["/a", "/next"]),
        Row("chunks whose lines end in LF", chunked + "16\n\(trap)\n0\n\n" + next, ["/a", "/next"]),
        Row("a chunk of size zero only", chunked + "000\r\n\r\n" + next, ["/a", "/next"]),
        Row(
            "chunks win over a length",
            "POST /a HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n16\r\n\(trap)\r\n0\r\n\r\n"
                + next, ["/a", "/next"]),
        Row(
            "a response that answers HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n" + ok, ["200", "200"],
            methods: ["HEAD"]),
        Row("204", "HTTP/1.1 204 No Content\r\nContent-Length: 22\r\n\r\n" + ok, ["204", "200"]),
        Row("304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 22\r\n\r\n" + ok, ["304", "200"]),
        Row("100, then the answer", "HTTP/1.1 100 Continue\r\n\r\n" + ok, ["100", "200"]),
        Row("101", "HTTP/1.1 101 Switching Protocols\r\nContent-Length: 9\r\n\r\n" + ok, ["101", "200"]),
        Row("a response until the end", "HTTP/1.1 200 OK\r\n\r\n" + trap + ok, ["200"]),
        Row("a response with a length", "HTTP/1.1 404 No\r\nContent-Length: 22\r\n\r\n" + trap + ok, ["404", "200"]),
        Row(
            "a response in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + ok,
            ["200", "200"]),
    ]

    @Test("bodies are stepped over, and the head after them is read", arguments: rows)
    func bodies(row: Row) {
        #expect(StreamReader.readings(row.text, methods: row.methods).map(\.label) == row.labels)
    }

    @Test("where a stream is cut never changes what is read", arguments: rows)
    func cut(row: Row) {
        let disagreements = CutVerifier.disagreements(on: Array(row.text.utf8)) {
            StreamReader.readings($0, methods: row.methods)
        }
        #expect(disagreements == [])
    }

    @Test(
        "after a malformed chunk the next head is looked for where a segment begins",
        arguments: ["x\r\n", "\r\n", ";a\r\n", "-1\r\n", "0x10\r\n0", "1234567890abcdef\r\n", "1\r\nabc\r\n"])
    func malformedChunk(chunk: String) {
        var reader = StreamReader()
        reader.read(Self.chunked + chunk + Self.trap)
        if chunk == "0x10\r\n0" {
            // An extension without a semicolon: some servers take it, and so do we. The body is over.
            #expect(!reader.stream.isSeeking)
            return
        }
        #expect(reader.stream.isSeeking)
        reader.read("“the” body " + Self.trap)
        reader.read(Self.next)
        #expect(reader.readings.map(\.label) == ["/a", "/next"])
    }

    @Test("the largest lengths are taken", arguments: ["18446744073709551615", "9223372036854775808"])
    func hugeLength(length: String) {
        var reader = StreamReader()
        reader.read("POST /a HTTP/1.1\r\nContent-Length: \(length)\r\n\r\n" + Self.trap)
        reader.stream.skip(.max - 100)
        reader.read(Self.trap)
        #expect(reader.readings.map(\.label) == ["/a"])
    }

    @Test("the largest chunk is taken")
    func hugeChunk() {
        var reader = StreamReader()
        reader.read(Self.chunked + "fffffffffffffff\r\n" + Self.trap)
        reader.stream.skip(1 << 40)
        reader.read(Self.trap)
        #expect(reader.readings.map(\.label) == ["/a"])
        #expect(!reader.stream.isSeeking)
    }
}
