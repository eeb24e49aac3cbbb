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
}
