import TapCore
import TapHTTP2
import TapTestSupport
import Testing

/// The rules of frames and streams that HTTP/3 has. RFC 9114 §6.2 and §7.2.
@Suite("The rules of HTTP/3")
struct HTTP3RuleTests {
    /// What a peer sends on a stream, and whether that ends it.
    struct Piece: Sendable {
        let direction: Direction
        let stream: UInt64
        let bytes: [UInt8]
        var ends = false

        static func client(_ stream: UInt64, _ bytes: [UInt8], ends: Bool = false) -> Piece {
            Piece(direction: .fromFirst, stream: stream, bytes: bytes, ends: ends)
        }

        static func server(_ stream: UInt64, _ bytes: [UInt8], ends: Bool = false) -> Piece {
            Piece(direction: .fromSecond, stream: stream, bytes: bytes, ends: ends)
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let pieces: [Piece]
        let rules: [HTTP2Rule]

        init(_ testDescription: String, _ pieces: [Piece], breaks rules: [HTTP2Rule] = []) {
            self.testDescription = testDescription
            self.pieces = pieces
            self.rules = rules
        }
    }

    private static let control = HTTP3Bytes.control([(8, 1)])
    private static let opened: [Piece] = [
        .client(2, control), .server(3, control), .client(0, HTTP3Bytes.request()), .server(0, HTTP3Bytes.response),
    ]
    private static let ping = HTTP3Bytes.frame(6, [0, 0])
    private static let data = HTTP3Bytes.data([0x81, 0])

    static let rows: [Row] = [
        Row("DATA before HEADERS", [.client(2, control), .client(0, data)], breaks: [.dataBeforeHeaders]),
        Row(
            "DATA before HEADERS of the response",
            [.client(2, control), .server(3, control), .client(0, HTTP3Bytes.request()), .server(0, data)],
            breaks: [.dataBeforeHeaders]),
        Row("SETTINGS on a request", opened + [.client(0, HTTP3Bytes.frame(4, []))], breaks: [.frameStreamWrong]),
        Row("GOAWAY on a request", opened + [.server(0, HTTP3Bytes.frame(7, [0]))], breaks: [.frameStreamWrong]),
        Row("DATA in a control stream", opened + [.client(2, data)], breaks: [.frameStreamWrong]),
        Row("HEADERS in a control stream", opened + [.server(3, HTTP3Bytes.response)], breaks: [.frameStreamWrong]),
        Row("SETTINGS twice", opened + [.client(2, HTTP3Bytes.frame(4, []))], breaks: [.settingsRepeated]),
        Row("another first frame", [.client(2, [0] + HTTP3Bytes.frame(13, [1]))], breaks: [.firstFrameNotSettings]),
        Row(
            "SETTINGS behind another first frame",
            [.client(2, [0] + HTTP3Bytes.frame(13, [1]) + HTTP3Bytes.frame(4, []))], breaks: [.firstFrameNotSettings]),
        Row("a reserved one first", [.client(2, [0] + HTTP3Bytes.frame(0x21, []))], breaks: [.firstFrameNotSettings]),
        Row("PING of HTTP/2 on a request", opened + [.client(0, ping)], breaks: [.frameReserved]),
        Row("PING of HTTP/2 in a control stream", opened + [.server(3, ping)], breaks: [.frameReserved]),
        Row(
            "PUSH_PROMISE of a client", opened + [.client(0, HTTP3Bytes.frame(5, [0, 0, 0]))], breaks: [.pushByClient]),
        Row("half a setting", [.client(2, [0] + HTTP3Bytes.frame(4, [8]))], breaks: [.frameLengthWrong]),
        Row("an empty GOAWAY", opened + [.server(3, HTTP3Bytes.frame(7, []))], breaks: [.frameLengthWrong]),
        Row(
            "a GOAWAY that is too long", opened + [.server(3, HTTP3Bytes.frame(7, [0, 0]))], breaks: [.frameLengthWrong]
        ),
        Row("a setting of HTTP/2", [.client(2, HTTP3Bytes.control([(4, 65_535)]))], breaks: [.settingInvalid]),
        Row("a switch with 2", [.server(3, HTTP3Bytes.control([(8, 2)]))], breaks: [.settingInvalid]),
        Row("a setting twice", [.server(3, HTTP3Bytes.control([(8, 1), (8, 1)]))], breaks: [.settingInvalid]),
        Row(
            "GOAWAY of a server that names no request", opened + [.server(3, HTTP3Bytes.frame(7, [5]))],
            breaks: [.goAwayWrong]),
        Row(
            "GOAWAY that goes back",
            opened + [.server(3, HTTP3Bytes.frame(7, [4])), .server(3, HTTP3Bytes.frame(7, [8]))],
            breaks: [.goAwayWrong]),
        Row("two control streams", opened + [.client(6, control)], breaks: [.criticalStreamRepeated]),
        Row("two encoder streams", opened + [.server(7, [2]), .server(11, [2])], breaks: [.criticalStreamRepeated]),
        Row("a control stream that ends", opened + [.server(3, [], ends: true)], breaks: [.criticalStreamClosed]),
        Row("an encoder stream that ends", opened + [.client(6, [2], ends: true)], breaks: [.criticalStreamClosed]),
        Row("a frame cut short", opened + [.client(0, [0, 10, 0x81], ends: true)], breaks: [.frameCut]),
        Row("half a frame's header", opened + [.client(0, [0], ends: true)], breaks: [.frameCut]),
        Row(
            "no control stream", [.server(3, control), .client(0, HTTP3Bytes.request(), ends: true)],
            breaks: [.controlStreamMissing]),
        Row(
            "a pseudo-field in trailers", opened + [.client(0, data + HTTP3Bytes.headers([(":path", "/other")]))],
            breaks: [.pseudoFieldInTrailers]),
        Row(
            "a second response", opened + [.server(0, data + HTTP3Bytes.headers([(":status", "200")]))],
            breaks: [.pseudoFieldInTrailers]),
        // What lies next to them.
        Row(
            "trailers",
            opened + [
                .client(0, data + HTTP3Bytes.headers([("checksum", "1")]), ends: true),
                .server(0, HTTP3Bytes.headers([("checksum", "2")]), ends: true),
            ]),
        Row(
            "an interim response",
            [
                .client(2, control), .server(3, control), .client(0, HTTP3Bytes.request()),
                .server(0, HTTP3Bytes.headers([(":status", "103")]) + HTTP3Bytes.response + data),
            ]),
        Row("an ordinary end", opened + [.client(0, data, ends: true), .server(0, data, ends: true)]),
        Row(
            "frames of unknown kinds",
            opened + [.client(0, HTTP3Bytes.frame(0x21, [1])), .server(3, HTTP3Bytes.frame(0x77, []))]),
        Row(
            "a reserved frame before HEADERS",
            [.client(2, control), .client(0, HTTP3Bytes.frame(0x40, []) + HTTP3Bytes.request())]),
        Row("GOAWAY twice", opened + [.server(3, HTTP3Bytes.frame(7, [8])), .server(3, HTTP3Bytes.frame(7, [4]))]),
        Row("GOAWAY of a client", opened + [.client(2, HTTP3Bytes.frame(7, [5]))]),
        Row("other streams of one way end", opened + [.client(6, [0x21, 1, 2, 3], ends: true)]),
        Row("settings of extensions", [.client(2, HTTP3Bytes.control([(0x21, 7), (0x33, 1), (8, 0)]))]),
        Row(
            "a stream of WebTransport",
            opened + [.client(4, [0x40, 0x41, 0] + ping + data, ends: true), .server(4, data + ping)]),
        Row(
            "a control stream that comes last",
            [.client(0, HTTP3Bytes.request()), .client(2, control), .server(3, control)]),
    ]

    private static func broken(_ pieces: [Piece], _ prepare: (inout HTTP3Recording) -> Void = { _ in }) -> [String] {
        var recording = HTTP3Recording()
        prepare(&recording)
        for piece in pieces {
            recording.receive(piece.bytes, of: piece.stream, from: piece.direction)
            if piece.ends { recording.end(piece.stream, from: piece.direction) }
        }
        return recording.events.filter { $0.hasPrefix("violation") }
    }

    @Test("are told where they are broken, and not beside that", arguments: rows)
    func rules(row: Row) { #expect(Self.broken(row.pieces) == row.rules.map { "violation \($0)" }) }

    @Test("are the same wherever bytes are cut", arguments: rows)
    func cut(row: Row) {
        let bytes = row.pieces.flatMap { piece in
            piece.bytes.isEmpty
                ? [piece]
                : piece.bytes.enumerated().map { place, byte in
                    Piece(
                        direction: piece.direction, stream: piece.stream, bytes: [byte],
                        ends: piece.ends && place == piece.bytes.count - 1)
                }
        }
        #expect(Self.broken(bytes) == row.rules.map { "violation \($0)" })
    }

    @Test("of what bytes are missing nothing is said")
    func holes() {
        for piece in Self.opened.indices {
            let rest = Self.opened[(piece + 1)...].map { $0 }
            let lost = Self.opened[piece]
            let end = [Piece.client(0, [], ends: true)]
            let broken = Self.broken(Array(Self.opened[..<piece]) + rest + end) { recording in
                recording.miss(UInt64(lost.bytes.count), of: lost.stream, from: lost.direction)
            }
            #expect(broken.isEmpty, "without piece \(piece)")
        }
        #expect(Self.broken([.client(0, HTTP3Bytes.request(), ends: true)]) { $0.lack() }.isEmpty)
    }
}
