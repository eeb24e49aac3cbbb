import TapHTTP
import TapTestSupport
import Testing

@Suite("Heads of which bytes are missing")
struct CutHeadTests {
    private static let request =
        "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    private static let response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nServer: a\r\n\r\n"
    private static let frame = "\u{1}\u{5}hello"

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: String
        let gap: Int
        let after: [String]
        let labels: [String]

        init(_ name: String, _ before: String, _ gap: Int, _ after: String..., gives labels: [String]) {
            testDescription = name
            (self.before, self.gap, self.after, self.labels) = (before, gap, after, labels)
        }
    }

    static let rows = [
        Row(
            "a hole inside a line, and the rest", "GET /a HTTP/1.1\r\nA: b\r\nC: ", 20, "d\r\nE: f\r\n\r\n",
            gives: ["cut /a 37+20"]),
        Row("a hole in the request line", "GET /a", 9, "1.1\r\nA: b\r\n\r\n", gives: ["cut ? 19+9"]),
        Row("a hole in the reason", "HTTP/1.1 101 Swi", 9, "ocols\r\nA: b\r\n\r\n", gives: ["cut 101 31+9"]),
        Row("a hole behind the status", "HTTP/1.1 101", 30, "\r\nA: b\r\n\r\n", gives: ["cut 101 22+30"]),
        Row("a hole in the status", "HTTP/1.1 10", 30, "\r\nA: b\r\n\r\n", gives: ["cut ? 21+30"]),
        Row("a hole over the head's end", response.prefixed(60), 9, frame, gives: ["lost 101 60+9"]),
        Row("a hole that begins the head", "", 60, "web\r\nA: b\r\n\r\n", gives: ["cut ? 13+60"]),
        Row("a hole that is the head", "", 70, frame, gives: ["lost ? 0+70"]),
        Row(
            "a hole up to the last line's end, and frames", response.prefixed(60), 9, "\r\n" + frame,
            gives: ["cut 101 62+9", "not HTTP"]),
        Row(
            "text that is no field after the hole", response.prefixed(40), 9, "a\r\nb\r\n\r\n", gives: ["lost 101 40+9"]
        ),
        Row("a rest in pieces", "GET /a HTTP/1.1\r\nC: ", 8, "d\r", "\nE:", " f\r\n\r", "\n", gives: ["cut /a 31+8"]),
        Row(
            "a rest that turns out to be none", response.prefixed(40), 9, "a\r\nB: ", "c\u{1}",
            gives: ["lost 101 40+9"]),
        Row("a new head behind the hole", response.prefixed(40), 99, request, gives: ["/chat"]),
    ]

    @Test("what is left of a head is read, and its end found where that was captured", arguments: rows)
    func cut(row: Row) {
        var reader = StreamReader()
        reader.read(row.before)
        let isHead = reader.stream.skip(row.gap, isHeadAwaited: true)
        #expect(isHead)
        for piece in row.after { reader.read(piece) }
        #expect(reader.readings.map(\.label) == row.labels)
    }

    @Test("two holes in one head are both counted")
    func twoHoles() {
        var reader = StreamReader()
        reader.read("GET /a HTTP/1.1\r\nA: ")
        let isHead = reader.stream.skip(5, isHeadAwaited: false)
        #expect(isHead)
        reader.read("b\r\nC: d\r\nE: ")
        let isStillHead = reader.stream.skip(7, isHeadAwaited: false)
        #expect(isStillHead)
        reader.read("f\r\n\r\n")
        #expect(reader.readings.map(\.label) == ["cut /a 37+12"])
    }

    @Test("where no head is awaited, a hole before one is no part of it")
    func notAwaited() {
        var reader = StreamReader()
        let isHead = reader.stream.skip(5, isHeadAwaited: false)
        #expect(!isHead)
        #expect(reader.stream.isSeeking && reader.stream.part == nil)
    }

    @Test("a head that just ends has a part", arguments: [12, 13, 34, 60])
    func ends(length: Int) throws {
        var reader = StreamReader()
        reader.read(Self.response.prefixed(length))
        let part = try #require(reader.stream.part)
        #expect(part.gap == HTTPHeadGap(captured: UInt64(length), missing: 0))
        let head = try #require(part.head)
        guard case .response(_, 101, let reason) = head.startLine else {
            Issue.record("the status is there")
            return
        }
        #expect(reason == (length < 34 ? "" : "Switching Protocols"))
        #expect(!head.isWhole && part.namesWebSocket == (length > 53))
    }

    @Test("before the status line there may be other bytes, wherever segments end", arguments: 1...20)
    func stray(size: Int) {
        let stray: [UInt8] = [0x8A, 3] + Array("HTT".utf8)
        let bytes = stray + Array(Self.response.utf8)
        var stream = HTTPStream(isStartKnown: true, headLimit: 4_096)
        var labels: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            var offset = 0
            while true {
                let before = offset
                guard let event = stream.read(piece.span.bytes, from: &offset, in: .numbered(1)) else { break }
                switch event {
                case .notHTTP: stream.seekStatusLine(after: piece[before..<offset].span.bytes, in: .numbered(1))
                case .strayed(let stray): labels.append("\(stray.bytes.count) stray")
                case .head(let head): labels.append("head \(head.fields.all.count)")
                case .cutHead, .lostHead, .bodyFinished, .proxied, .tls, .headTooLong: labels.append("?")
                }
            }
        }
        #expect(labels == ["5 stray", "head 2"])
    }
}

extension String {
    /// The first bytes of a text of ASCII.
    fileprivate func prefixed(_ count: Int) -> String { String(decoding: utf8.prefix(count), as: UTF8.self) }
}
