import TapCore
import TapSecurity
import TapTestSupport
import Testing

@Suite("Connections whose TLS handshake was not captured")
struct MidstreamTests {
    /// A conversation from some record on: the client's numbers and the server's differ.
    private static func conversation(_ session: SealedSession, from start: Int, count: Int = 30) -> [Piece] {
        let (client, server) = (session.sealer(ofClient: true), session.sealer(ofClient: false))
        return (start..<start + count).flatMap { number in
            [
                Piece(.first, client.record(UInt64(number), Array("client \(number)\n".utf8))),
                Piece(.second, server.record(UInt64(number + 3), Array("server \(number)\n".utf8))),
            ]
        }
    }

    private static func expected(_ name: String, from start: Int, count: Int = 30) -> [UInt8] {
        Array((start..<start + count).map { "\(name) \($0)\n" }.joined().utf8)
    }

    private static func context(_ session: SealedSession, among others: Int, limits: TLSLimits = TLSLimits())
        -> TLSContext
    {
        let lines = (0..<others).map { SealedSession(0x1301, seed: 1_000 + UInt64($0)).keyLog }
        let text = lines.prefix(others / 2).joined() + session.keyLog + lines.dropFirst(others / 2).joined()
        return TLSContext(keyLog: log(text), rsaKeys: [], keysMayCome: false, limits: limits)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let suite: UInt16
        let start: Int
        let sessions: Int
        let client: TLSDirection

        /// Numbers are tried in doubling steps for all sessions, unlikely ways with fewer of them: four times as many are tried with
        /// AES before as with ChaCha20, and with the likelier direction. The other direction knows its session.
        var mostTries: Int {
            let rarity = (suite == 0x1303 ? 4 : 1) * (client == .second ? 4 : 1)
            return 4 * rarity * sessions * max(64, start) + 4 * start
        }

        var testDescription: String { "suite \(suite), record \(start), \(sessions) sessions, client \(client)" }
    }

    private static let rows: [Row] = [UInt16(0x1301), 0x1302, 0x1303].flatMap { suite in
        [(1, 100), (50, 10), (50, 100), (50, 1_000), (5_000, 1), (5_000, 10), (90_000, 1)].map { start, sessions in
            Row(suite: suite, start: start, sessions: sessions, client: start == 50 ? .second : .first)
        }
    }

    @Test("are read as from the beginning", arguments: rows)
    func read(row: Row) {
        let session = SealedSession(row.suite, seed: 9)
        let context = Self.context(session, among: row.sessions - 1)
        let pieces = Self.conversation(session, from: row.start)
        let reading = Reading.of(pieces, context, isStartCaptured: false, likelyClient: row.client)
        #expect(reading.plain(of: .first) == Self.expected("client", from: row.start))
        #expect(reading.plain(of: .second) == Self.expected("server", from: row.start))
        #expect(reading.reason == nil)
        #expect(reading.facts.keys == .search)
        #expect(reading.facts.suite?.rawValue == row.suite)
        #expect(reading.facts.clientRandom?.bytes == session.random)
        #expect(reading.clientDirection == .first)
        #expect(reading.tries == context.tries)
        #expect(reading.tries <= row.mostTries)
    }

    @Test("are given in the order in which they were sent, where they waited for their keys")
    func order() {
        let session = SealedSession(0x1301, seed: 9)
        let context = TLSContext(keyLog: log(""), rsaKeys: [], keysMayCome: true, limits: TLSLimits())
        let reading = Reading(isStartCaptured: false)
        reading.feed(Self.conversation(session, from: 40), context)
        #expect(reading.sink.order.isEmpty)
        #expect(reading.isWaiting)
        add(session.keyLog, to: context.keyLog)
        reading.retry(context)
        #expect(reading.sink.order.map(\.direction) == (0..<60).map { $0 & 1 == 0 ? .first : .second })
        #expect(reading.sink.order.map(\.place.packet.number.rawValue) == Array(1...60))
    }

    @Test("begin in the middle of a record")
    func middle() {
        let session = SealedSession(0x1301, seed: 9)
        var pieces = Self.conversation(session, from: 20)
        pieces[0] = Piece(.first, Array(pieces[0].bytes.dropFirst(7)))
        let reading = Reading.of(pieces, Self.context(session, among: 4), isStartCaptured: false)
        #expect(reading.plain(of: .first) == Self.expected("client", from: 21, count: 29))
        #expect(reading.plain(of: .second) == Self.expected("server", from: 20))
    }

    @Test("are read after a KeyUpdate")
    func updated() {
        let session = SealedSession(0x1301, seed: 9)
        let sealer = session.sealer(ofClient: true, updates: 1)
        let pieces = (100..<120).map { Piece(.first, sealer.record(UInt64($0), Array("client \($0)\n".utf8))) }
        let reading = Reading.of(pieces, Self.context(session, among: 4), isStartCaptured: false)
        #expect(reading.plain(of: .first) == Self.expected("client", from: 100, count: 20))
    }

    @Test("end at the limit of tries, and say how far it went")
    func limit() throws {
        let session = SealedSession(0x1301, seed: 9)
        var limits = TLSLimits()
        limits.tries = 2_000
        let context = Self.context(session, among: 0, limits: limits)
        let pieces = Self.conversation(session, from: 100_000)
        let reading = Reading.of(pieces, context, isStartCaptured: false)
        #expect(reading.reason == .handshakeNotCaptured)
        #expect(reading.sink.order.isEmpty)
        let report = try #require(reading.search)
        #expect(report.isEndedByLimit)
        #expect(report.tries <= 2_000 && report.tries > 1_900)
        #expect(report.sessions == 1)
        #expect(report.reachedNumber >= 256 && report.reachedNumber < 2_000)
        #expect(context.tries == reading.tries)
    }

    @Test("share a limit of tries")
    func sharedLimit() {
        let session = SealedSession(0x1301, seed: 9)
        var limits = TLSLimits()
        limits.triesInAll = 1_000
        let context = Self.context(session, among: 0, limits: limits)
        for _ in 0..<10 {
            _ = Reading.of(Self.conversation(session, from: 100_000), context, isStartCaptured: false)
        }
        #expect(context.tries == 1_000)
    }

    @Test("are not read with secrets that another captured connection has")
    func used() throws {
        let fixture = try Fixture.named("tls13-aes-128-gcm-sha256")
        let context = fixture.context()
        let connection = fixture.connections[0]
        _ = Reading.of(connection.pieces, context)
        let late = Array(connection.pieces.drop { $0.direction == .first }.suffix(6))
        let reading = Reading.of(late, context, isStartCaptured: false)
        #expect(reading.reason == .handshakeNotCaptured)
        #expect(reading.tries == 0)
    }

    @Test(
        "of a real peer are read from any piece on",
        arguments: ["tls13-aes-256-gcm-sha384", "tls13-chacha20-poly1305-sha256", "gnutls-tls1.3-aes-128-gcm"])
    func real(name: String) throws {
        let fixture = try Fixture.named(name)
        let connection = fixture.connections[0]
        for skipped in (connection.pieces.count - 7)..<(connection.pieces.count - 2) {
            let pieces = Array(connection.pieces.dropFirst(skipped))
            let reading = Reading.of(pieces, fixture.context(), isStartCaptured: false)
            for direction in TLSDirection.allCases {
                let plain = reading.plain(of: direction)
                #expect(plain.isEmpty || connection.plain(of: direction).suffix(plain.count) == plain[...])
            }
            #expect(!reading.sink.order.isEmpty, "\(skipped)")
        }
    }

    @Test(
        "without secrets of TLS 1.3 are not held",
        arguments: ["", "CLIENT_RANDOM \(String(repeating: "00", count: 32)) \(String(repeating: "00", count: 48))\n"])
    func nothing(text: String) {
        let context = TLSContext(keyLog: log(text), rsaKeys: [], keysMayCome: false, limits: TLSLimits())
        let reading = Reading.of(
            Self.conversation(SealedSession(0x1301, seed: 9), from: 7), context, isStartCaptured: false)
        #expect(reading.reason == .handshakeNotCaptured)
        #expect(context.tries == 0)
    }
}
