import TapCore
import TapHTTP2
import TapTestSupport
import Testing

@Suite("Rules of HTTP/2")
struct RuleTests {
    typealias Field = HTTP2FieldEncoder.Field

    /// A request or a response, and what is wrong with it.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fields: [Field]
        let rules: [HTTP2Rule]

        init(_ testDescription: String, _ fields: [Field], _ rules: HTTP2Rule...) {
            self.testDescription = testDescription
            self.fields = fields
            self.rules = rules
        }
    }

    private static func without(_ name: String) -> [Field] { Talk.request().filter { $0.name != name } }

    static let requests = [
        Row("one that is right", Talk.request()),
        Row("without :path", without(":path"), .pseudoFieldMissing),
        Row("without :scheme", without(":scheme"), .pseudoFieldMissing),
        Row("without :authority", without(":authority"), .pseudoFieldMissing),
        Row("with Host in its place", without(":authority") + [("host", "example.com")]),
        Row("with GET", [(":method", "GET")] + without(":method"), .protocolWithoutConnect),
        Row("with two paths", [(":path", "/a")] + Talk.request(), .pseudoFieldRepeated),
        Row("with :status", [(":status", "200")] + Talk.request(), .pseudoFieldUnknown),
        Row("with a pseudo-field behind", without(":path") + [(":path", "/")], .pseudoFieldMisplaced),
        Row("with Connection", Talk.request() + [("connection", "upgrade")], .connectionField),
        Row("with Upgrade", Talk.request() + [("upgrade", "websocket")], .connectionField),
        Row("with Transfer-Encoding", Talk.request() + [("transfer-encoding", "chunked")], .connectionField),
        Row("with TE: trailers", Talk.request() + [("te", "trailers")]),
        Row("with TE: gzip", Talk.request() + [("te", "gzip")], .connectionField),
        Row("with an upper-case name", Talk.request() + [("Origin", "https://a")], .fieldNameInvalid),
        Row("with a line end in a value", Talk.request() + [("origin", "a\r\nb: c")], .fieldValueInvalid),
        Row("with a space before a value", Talk.request() + [("origin", " a")], .fieldValueInvalid),
        Row(
            "as HTTP/1.1 asks for it", Talk.get + [("upgrade", "websocket"), ("connection", "upgrade")],
            .connectionField, .connectionField),
    ]

    @Test("of a request each rule is told by what breaks it", arguments: requests)
    func request(row: Row) {
        var client = HTTP2FieldEncoder()
        let sink = Reading(Talk.opening + [.client(HTTP2Bytes.headers(client.block(row.fields), on: 1))]).sink
        #expect(sink.requests.count == 1)
        #expect(sink.rules == row.rules)
        #expect(sink.violations.allSatisfy { $0.stream == HTTP2StreamID(1) })
    }

    static let responses = [
        Row("one that is right", Talk.accepted),
        Row("a refusal", [(":status", "403")]),
        Row("101", [(":status", "101")], .statusSwitchingProtocols),
        Row("without a status", [("server", "a")], .statusInvalid),
        Row("with a status of letters", [(":status", "2xx")], .statusInvalid),
        Row("with :path", Talk.accepted + [(":path", "/")], .pseudoFieldUnknown, .pseudoFieldMisplaced),
        Row("with Connection", Talk.accepted + [("connection", "upgrade")], .connectionField),
    ]

    @Test("of a response each rule is told by what breaks it", arguments: responses)
    func response(row: Row) {
        var client = HTTP2FieldEncoder()
        var server = HTTP2FieldEncoder()
        let sink = Reading(
            Talk.opening + [
                .client(HTTP2Bytes.headers(client.block(Talk.request()), on: 1)),
                .server(HTTP2Bytes.headers(server.block(row.fields), on: 1)),
            ]
        ).sink
        #expect(sink.responses.count == 1)
        #expect(sink.rules == row.rules)
    }

    @Test("an extended CONNECT that the server did not offer is a violation only where its settings came before")
    func notOffered() {
        func rules(_ pieces: [Piece], _ beginning: HTTP2Beginning = .preface(client: .fromFirst)) -> [HTTP2Rule] {
            var client = HTTP2FieldEncoder()
            return Reading(
                pieces + [.client(HTTP2Bytes.headers(client.block(Talk.request()), on: 1))], beginning
            ).sink.rules
        }
        let begin = Piece.client(HTTP2Bytes.preface, HTTP2Bytes.settings())
        #expect(rules([begin, .server(HTTP2Bytes.settings())]) == [.connectNotEnabled])
        #expect(rules([begin, .server(HTTP2Bytes.settings([(8, 0)]))]) == [.connectNotEnabled])
        #expect(rules([begin, .server(Talk.enabled)]) == [])
        #expect(rules([begin, .server(HTTP2Bytes.settings()), .server(Talk.enabled)]) == [])
        #expect(rules([begin]) == [])
        let lost = Piece(direction: .fromSecond, bytes: HTTP2Bytes.ping, missing: 30)
        #expect(rules([begin, .server(HTTP2Bytes.settings()), lost]) == [])
        #expect(rules([.server(HTTP2Bytes.settings())], .inside(client: .fromFirst)) == [])
    }

    /// Frames of the client after both sides began, and the rules that they break.
    struct FrameRow: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let rules: [HTTP2Rule]

        init(_ testDescription: String, _ bytes: [UInt8]..., breaks rules: [HTTP2Rule]) {
            self.testDescription = testDescription
            self.bytes = bytes.flatMap { $0 }
            self.rules = rules
        }
    }

    private static let open: [UInt8] = {
        var client = HTTP2FieldEncoder()
        return HTTP2Bytes.headers(client.block(Talk.request(), .literal), on: 1)
    }()

    private static let get: [UInt8] = {
        var client = HTTP2FieldEncoder()
        return client.block(Talk.get, .literal)
    }()

    static let frames = [
        FrameRow("DATA on stream 0", HTTP2Bytes.data([1], on: 0), breaks: [.frameStreamWrong]),
        FrameRow("SETTINGS on a stream", HTTP2Bytes.frame(4, 0, on: 1), breaks: [.frameStreamWrong]),
        FrameRow("SETTINGS of 5 bytes", HTTP2Bytes.frame(4, 0, on: 0, [1, 2, 3, 4, 5]), breaks: [.frameLengthWrong]),
        FrameRow(
            "PING of 7 bytes", HTTP2Bytes.frame(6, 0, on: 0, [UInt8](repeating: 0, count: 7)),
            breaks: [.frameLengthWrong]),
        FrameRow("RST_STREAM of 3 bytes", open, HTTP2Bytes.frame(3, 0, on: 1, [0, 0, 0]), breaks: [.frameLengthWrong]),
        FrameRow(
            "padding that is too long", open, HTTP2Bytes.frame(0, 8, on: 1, [9, 1, 2]), breaks: [.paddingTooLong]),
        FrameRow(
            "a frame that is too long", open, HTTP2Bytes.data([UInt8](repeating: 1, count: 16_385), on: 1),
            breaks: [.frameTooLong]),
        FrameRow("a push of the client", HTTP2Bytes.frame(5, 4, on: 1, [0, 0, 0, 2] + get), breaks: [.pushByClient]),
        FrameRow("a CONTINUATION of nothing", HTTP2Bytes.frame(9, 4, on: 1, get), breaks: [.continuationUnexpected]),
        FrameRow(
            "a PING within a header block", HTTP2Bytes.frame(1, 0, on: 1, get), HTTP2Bytes.ping,
            breaks: [.continuationMissing]),
        FrameRow("a setting out of range", HTTP2Bytes.settings([(5, 1)]), breaks: [.settingInvalid]),
        FrameRow("a window of more than 31 bits", HTTP2Bytes.settings([(4, 0x8000_0000)]), breaks: [.settingInvalid]),
        FrameRow("unknown settings", HTTP2Bytes.settings([(0x4444, 7), (9, 9)]), breaks: []),
        FrameRow("an increment of 0", HTTP2Bytes.windowUpdate(0), breaks: [.windowIncrementZero]),
        FrameRow("a window that grows too large", HTTP2Bytes.windowUpdate(0x7FFF_FFFF), breaks: [.windowTooLarge]),
        FrameRow("an even stream", HTTP2Bytes.headers(get, on: 2), breaks: [.streamNumberNotOfClient]),
        FrameRow(
            "a number that was passed by", HTTP2Bytes.headers(get, on: 5), HTTP2Bytes.headers(get, on: 3),
            breaks: [.streamNumberReused]),
        FrameRow(
            "DATA after the end", open, HTTP2Bytes.data([1], on: 1, ends: true), HTTP2Bytes.data([1], on: 1),
            breaks: [.frameAfterEnd]),
        FrameRow("trailers", open, HTTP2Bytes.headers([0, 1, 0x61, 1, 0x62], on: 1, ends: true), breaks: []),
        FrameRow(
            "trailers with a path", open, HTTP2Bytes.headers([0x84], on: 1, ends: true),
            breaks: [.pseudoFieldInTrailers]),
        FrameRow("a reserved bit", HTTP2Bytes.frame(0xC0, 0xFF, on: 0x8000_0001, [1, 2]), breaks: []),
    ]

    @Test("of frames each rule is told by what breaks it", arguments: frames)
    func frame(row: FrameRow) {
        let reading = Reading(Talk.opening + [.client(row.bytes, HTTP2Bytes.ping)])
        #expect(reading.sink.rules == row.rules)
        // It stays in sync.
        #expect(!reading.sink.events.contains(.alignmentLost))
        #expect(reading.counts.pings >= 1)
        // In the middle of a connection nobody is accused.
        let inside = Reading(
            [Piece.client(HTTP2Bytes.ping, HTTP2Bytes.ping, HTTP2Bytes.ping, row.bytes)], .inside(client: nil))
        #expect(inside.sink.rules == [])
    }

    @Test("a first frame that is not SETTINGS is a violation")
    func first() {
        #expect(Reading([.client(HTTP2Bytes.preface, HTTP2Bytes.ping)]).sink.rules == [.firstFrameNotSettings])
    }

    @Test("an offer that is taken back is a violation")
    func withdrawn() {
        #expect(
            Reading(Talk.opening + [.server(HTTP2Bytes.settings([(8, 0)]))]).sink.rules == [.connectProtocolWithdrawn])
    }

    @Test("each rule has its section")
    func references() {
        for rule in HTTP2Rule.allCases { #expect(rule.reference.hasPrefix("RFC "), "\(rule)") }
    }
}
