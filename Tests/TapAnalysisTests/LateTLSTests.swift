import TapAnalysis
import TapCore
import TapSecurity
import TapTestSupport
import TapWebSocket
import Testing

@Suite("WebSocket whose TLS handshake was not captured is read as in the whole capture")
struct LateTLSTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let suite: UInt16
        /// The number of the client's first record in the capture.
        let start: UInt64
        /// How many sessions the key log has.
        let sessions: Int
        /// Whether the client has the lower port, so that the server is taken for the client at first.
        var isClientLower = false
        /// How often it may be tried; `nil` for as often as users' captures are.
        var tries: Int?
        /// Below which number every session was tried when that was reached; `nil` where the record is found before.
        var reached: UInt64?

        var testDescription: String {
            "suite \(suite), record \(start), \(sessions) sessions, client lower: \(isClientLower)"
        }
    }

    private static let suites: [UInt16] = [0x1301, 0x1302, 0x1303]

    private static let reached: [Row] = {
        let places: [(start: UInt64, sessions: Int)] = [
            (1, 1), (1, 100), (1, 1_000), (50, 1), (50, 100), (50, 1_000), (5_000, 1), (90_000, 1),
        ]
        var rows: [Row] = []
        for suite in suites {
            for (start, sessions) in places { rows.append(Row(suite: suite, start: start, sessions: sessions)) }
            rows.append(Row(suite: suite, start: 50, sessions: 100, isClientLower: true))
            rows.append(Row(suite: suite, start: 5_000, sessions: 1, isClientLower: true))
        }
        // ChaCha20 is the rarer cipher: others are tried with four times as many numbers before.
        rows += [0x1301, 0x1302].map { Row(suite: $0, start: 5_000, sessions: 100) }
        return rows
    }()

    /// Fewer tries than usual, for what they reach is known all the same, and 4,000,000 of them take seconds each time.
    private static let beyond: [Row] = {
        let places: [(start: UInt64, sessions: Int, reached: UInt64)] = [
            (5_000, 1_000, 64), (90_000, 100, 512), (90_000, 1_000, 64),
        ]
        var rows: [Row] = []
        for suite in suites {
            for (start, sessions, reached) in places {
                rows.append(Row(suite: suite, start: start, sessions: sessions, tries: 100_000, reached: reached))
            }
        }
        return rows
    }()

    private static func conversation(_ row: Row) -> Conversation {
        var conversation = Conversation(
            client: Endpoint("192.0.2.1", row.isClientLower ? 443 : 49_152),
            server: Endpoint("198.51.100.2", row.isClientLower ? 50_443 : 443))
        conversation.upgrade()
        for number in 0..<12 {
            conversation.send(text: "question \(number)", from: .client)
            conversation.send(text: "answer \(number) " + String(repeating: "x", count: 40 * number), from: .server)
            if number % 4 == 3 { conversation.send(FrameBytes(.ping, [1, 2, 3]), from: .server) }
        }
        conversation.close(by: .client)
        return conversation
    }

    private static func late(_ row: Row) -> (whole: Observed, late: Observed) {
        let session = SealedSession(row.suite, seed: 9)
        let conversation = conversation(row)
        // Peers have not sent the same number of records.
        let numbers = [Sender.client: row.start, .server: row.start / 2 + 1]
        let segments = conversation.segments.secured(
            by: session, after: Conversation.upgradedPackets, numbers: numbers)
        var options = AnalysisOptions()
        options.tls.supply = SealedSessions(session, among: row.sessions - 1)
        if let tries = row.tries { options.tls.searchLimit = tries }
        return (Observed(conversation), Observed(segments, options))
    }

    @Test("frame by frame, wherever the capture begins and however many sessions the log has", arguments: reached)
    func found(row: Row) throws {
        let (whole, late) = Self.late(row)
        #expect(late.seen == whole.seen)
        #expect(late.seen.count == 29)
        #expect(late.verdicts == [.midstream] && late.ids == [.captureMidstream])
        #expect(late.handshakes.first?.tls?.keys == .search)
        #expect(late.handshakes.first?.client.port == (row.isClientLower ? 443 : 49_152))
        #expect(late.unread.isEmpty && late.summary.tls.read == 1)
    }

    @Test("and where the tries do not suffice, how far they went is told", arguments: beyond)
    func lost(row: Row) throws {
        let (_, late) = Self.late(row)
        #expect(late.frames.isEmpty && late.findings.isEmpty)
        let unread = try #require(late.unread.first)
        #expect(unread.reason == .handshakeNotCaptured)
        let search = try #require(unread.search)
        #expect(search.isEndedByLimit)
        #expect(search.sessions == row.sessions)
        #expect(search.reachedNumber == row.reached)
        #expect(search.tries == row.tries)
    }

    @Test("4,000,000 tries with 1,000 sessions in the log reach record 1,000, and not record 5,000")
    func usual() throws {
        let (whole, near) = Self.late(Row(suite: 0x1301, start: 1_000, sessions: 1_000))
        #expect(near.seen == whole.seen)
        let (_, far) = Self.late(Row(suite: 0x1301, start: 5_000, sessions: 1_000))
        let search = try #require(far.unread.first?.search)
        #expect(search.isEndedByLimit && search.tries == 4_000_000 && search.reachedNumber >= 1_000)
    }
}
