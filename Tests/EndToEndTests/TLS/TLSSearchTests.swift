import Foundation
import TapTestSupport
import TapWebSocket
import Testing

@Suite("The search for the secret of a connection whose TLS handshake was not captured, as users meet it")
struct TLSSearchTests {
    private let folder: TemporaryFolder
    private let capture: String
    private let log: String

    /// A capture from record 5,000 of the client on, and a log of 50 sessions.
    init() throws {
        let session = SealedSession(0x1301, seed: 31)
        var conversation = Conversation()
        conversation.upgrade()
        for number in 0..<8 {
            for sender in Sender.allCases { conversation.send(text: "message \(number)", from: sender) }
        }
        conversation.close(by: .client)
        let segments = conversation.segments.secured(
            by: session, after: Conversation.upgradedPackets, numbers: [.client: 5_000, .server: 7_000])
        folder = try TemporaryFolder()
        capture = try folder.file("late.pcap", Data(CaptureBuilder.pcap(segments.packets()).bytes))
        log = try folder.file("keys.log", Data(SealedSessions(session, among: 49).keyLog.utf8))
    }

    @Test("finds it among others")
    func found() throws {
        let result = try Wstap.run(["read", "--format", "ndjson", "--keylog", log, capture])
        #expect(result.records("frame").count == 18)
        #expect(result.records("tls").isEmpty)
        let tls = try #require(result.records("handshake").first?["tls"] as? [String: Any])
        #expect(tls["keys"] as? String == "search")
    }

    @Test("says how far it went where its limit ends it, and goes further where it may")
    func limited() throws {
        let options = ["--keylog", log, "--tls-search", "60000", capture]
        let result = try Wstap.run(["read", "--format", "ndjson"] + options)
        #expect(result.records("frame").isEmpty)
        let record = try #require(result.records("tls").first)
        #expect(record["reason"] as? String == "handshake-not-captured")
        let search = try #require(record["search"] as? [String: Any])
        #expect(search["tries"] as? Int == 60_000)
        #expect(search["sessions"] as? Int == 50)
        #expect(search["reached_number"] as? Int == 512)
        #expect(search["limited"] as? Bool == true)
        let table = try Wstap.run(["read"] + options)
        #expect(
            table.output.contains(
                "its TLS handshake was not captured (50 sessions tried up to record 512; --tls-search goes further)"),
            "\(table.output)")
        let further = try Wstap.run(["read", "--keylog", log, "--tls-search", "1000000", capture])
        #expect(further.output.contains("message 7"))
    }

    /// Real peers, captured from some record of each on, and a log with so many sessions.
    struct Late: CustomTestStringConvertible, Sendable {
        let record: Int
        let cipher: String
        let sessions: Int
        let isReached: Bool

        var suite: UInt16 { ["aes128": 0x1301, "aes256": 0x1302][cipher] ?? 0x1303 }
        var name: String { "late-\(record)-\(cipher)" }
        var testDescription: String { "\(name) among \(sessions) sessions" }
    }

    /// ChaCha20-Poly1305 is tried with a quarter of the numbers.
    private static let reached: [String: [Int: ClosedRange<Int>]] = [
        "aes128": [1: 1...1_000, 50: 1...1_000, 5_000: 1...100, 90_000: 1...10],
        "aes256": [1: 1...1_000, 50: 1...1_000, 5_000: 1...100, 90_000: 1...10],
        "chacha20": [1: 1...1_000, 50: 1...1_000, 5_000: 1...10, 90_000: 1...1],
    ]

    private static let late = reached.keys.sorted().flatMap { cipher in
        [1, 50, 5_000, 90_000].flatMap { record in
            [1, 10, 100, 1_000].compactMap { sessions -> Late? in
                guard let range = reached[cipher]?[record] else { return nil }
                return Late(record: record, cipher: cipher, sessions: sessions, isReached: range.contains(sessions))
            }
        }
    }

    @Test("reads what the peers said, or says how far it went", arguments: late)
    func peers(late: Late) throws {
        let truth = try #require(TLSTruth.all.first { $0.name == late.name })
        let others = (1..<late.sessions).map { SealedSession(late.suite, seed: 2_000 + UInt64($0)).keyLog }
        let log = try folder.file("others.log", Data(others.joined().utf8))
        let options = ["--format", "ndjson", "--events", TLSSampleTests.events, "--keylog", log]
        let result = try Wstap.run(["read"] + options + [truth.capture])
        guard late.isReached else {
            let search = try #require(result.records("tls").first?["search"] as? [String: Any])
            #expect(search["tries"] as? Int == 4_000_000 && search["limited"] as? Bool == true)
            #expect(search["sessions"] as? Int == late.sessions && result.records("handshake").isEmpty)
            return
        }
        let connection = try #require(truth.connections.first)
        for sender in ["client", "server"] {
            #expect(TLSSampleTests.lines(result, 1, sender) == connection.lines(from: sender), "\(sender)")
        }
        let tls = try #require(result.records("handshake").first?["tls"] as? [String: Any])
        #expect(tls["keys"] as? String == "search" && result.records("tls").isEmpty)
    }
}
