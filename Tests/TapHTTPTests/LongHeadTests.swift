import TapCore
import TapHTTP
import TapTestSupport
import Testing

@Suite("Heads longer than the limit")
struct LongHeadTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lines: String
        /// The fields that are kept.
        let names: [String]

        init(_ name: String, _ lines: String, _ names: [String]) {
            testDescription = name
            self.lines = lines.replacing("\n", with: "\r\n")
            self.names = names
        }
    }

    private static func letters(_ count: Int) -> String { String(repeating: "x", count: count) }

    private static let upgrade = "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Key: k\n"

    static let rows = [
        Row("nothing but the start line", "", []),
        Row("one field that fits exactly", "A: \(letters(78))\n", ["A"]),
        Row("one field that is a byte too long", "A: \(letters(79))\nB: b\n", ["B"]),
        Row("one field that is far too long, then others", "Cookie: \(letters(5_000))\nB: b\nC: c\n", ["B", "C"]),
        Row(
            "what continues a field that was left out", "A: \(letters(500))\n and on\n\tand on\nB: b\n and on\n", ["B"]),
        Row("many short fields", String(repeating: "A: b\n", count: 50), Array(repeating: "A", count: 13)),
        Row(
            "the fields of an upgrade after very many others", String(repeating: "A: b\n", count: 50) + upgrade,
            Array(repeating: "A", count: 13) + ["Upgrade", "Connection", "Sec-WebSocket-Key"]),
        Row(
            "the same in other cases and with spaces",
            "A: \(letters(70))\nB: \(letters(500))\nUPGRADE : a\nhost: b\nUpgrades: c\nx-host: d\n",
            ["A", "UPGRADE", "host"]),
        Row("a field of an upgrade that is too long even so", "Host: \(letters(5_000))\nB: b\n", ["B"]),
        Row(
            "more fields of an upgrade than there is room for",
            String(repeating: "Sec-WebSocket-Protocol: \(letters(998))\n", count: 6),
            Array(repeating: "Sec-WebSocket-Protocol", count: 4)),
    ]

    private func readings(_ pieces: [[UInt8]]) -> [Reading] { StreamReader.readings(pieces, headLimit: 100) }

    @Test("lines that do not fit are left out, and what follows the head is understood", arguments: rows)
    func read(_ row: Row) {
        let text = "GET /a HTTP/1.1\r\n\(row.lines)\r\nGET /next HTTP/1.1\r\n\r\n"
        let readings = readings([Array(text.utf8)])
        #expect(readings.map(\.label) == ["/a", "/next"])
        guard case .head(_, let fields, let oddities) = readings.first else { return }
        #expect(fields.map(\.name) == row.names)
        #expect(!oddities.contains(.malformedLine))
    }

    @Test("where they are cut makes no difference", arguments: rows.filter { $0.lines.utf8.count < 1_500 })
    func cuts(_ row: Row) {
        let text = "GET /a HTTP/1.1\r\n\(row.lines)\r\nGET /next HTTP/1.1\r\n\r\n"
        #expect(CutVerifier.disagreements(on: Array(text.utf8), decode: readings) == [])
    }

    @Test("how much was left out is counted", arguments: [0, 1, 100, 100_000])
    func dropped(excess: Int) throws {
        let start = "GET / HTTP/1.1\r\n"
        let field = "A: " + LongHeadTests.letters(100 - start.utf8.count - 5 + excess) + "\r\n"
        let bytes = Array((start + field + "\r\n").utf8)
        var stream = HTTPStream(isStartKnown: true, headLimit: 100)
        var offset = 0
        guard case .head(let head) = stream.read(bytes.span.bytes, from: &offset, in: .numbered(1)) else {
            Issue.record("no head")
            return
        }
        #expect(head.droppedBytes == UInt64(excess > 0 ? field.utf8.count : 0))
    }

    @Test("a first line that is too long is an event of its own")
    func firstLine() {
        let text = "GET /\(LongHeadTests.letters(100)) HTTP/1.1\r\n\r\n"
        #expect(readings([Array(text.utf8)]).map(\.label) == ["too long"])
        #expect(CutVerifier.disagreements(on: Array(text.utf8), decode: readings) == [])
    }

    @Test("a head that never ends holds no more than the limit and its reserve")
    func endless() {
        var stream = HTTPStream(isStartKnown: true, headLimit: 1_000)
        let start = Array("GET / HTTP/1.1\r\n".utf8)
        var offset = 0
        #expect(stream.read(start.span.bytes, from: &offset, in: .numbered(1)) == nil)
        for line in ["A: b\r\n", "Sec-WebSocket-Key: abc\r\n", LongHeadTests.letters(3_000), "\r\n\tfold"] {
            let bytes = Array(String(repeating: line, count: 2_000).utf8)
            offset = 0
            let event = stream.read(bytes.span.bytes, from: &offset, in: .numbered(2))
            #expect(event == nil && offset == bytes.count && stream.heldBytes <= 1_000 + 4_096)
        }
        #expect(stream.longHead(in: .numbered(3))?.fields["A"].isEmpty == false)
    }

    @Test("a short head that is not complete is no long one")
    func unfinished() {
        var stream = HTTPStream(isStartKnown: true, headLimit: 1_000)
        let start = Array("GET / HTTP/1.1\r\nA: b\r\n".utf8)
        var offset = 0
        #expect(stream.read(start.span.bytes, from: &offset, in: .numbered(1)) == nil)
        #expect(stream.longHead(in: .numbered(1)) == nil)
    }
}
