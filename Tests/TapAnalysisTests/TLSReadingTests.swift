import TapAnalysis
import TapCore
import TapSecurity
import TapTestSupport
import TapWebSocket
import Testing

@Suite("WebSocket inside TLS is read as in the clear")
struct TLSReadingTests {
    private static let session = SealedSession(0x1301, seed: 7)

    private static func options(_ options: AnalysisOptions) -> AnalysisOptions {
        var options = options
        options.tls.supply = session
        return options
    }

    /// Findings about segments and packets, of which there are others inside TLS.
    private static func isOfCapture(_ id: FindingID) -> Bool {
        id.rawValue.hasPrefix("tcp-") || id.rawValue.hasPrefix("capture-") || id.rawValue.hasPrefix("ip-")
    }

    private static let samples = FindingTests.samples.filter { sample in
        sample.packets == nil && sample.conversation.segments.secured(by: session) != nil
            && !sample.expected.contains { isOfCapture($0.id) }
    }

    @Test("all that is found, wherever records end", arguments: samples, [1, 7, 16_384])
    func findings(sample: FindingSample, recordSize: Int) throws {
        let plain = Observed(sample.conversation.segments, sample.options)
        let segments = try #require(sample.conversation.segments.secured(by: Self.session, recordSize: recordSize))
        let secured = Observed(segments, Self.options(sample.options))
        #expect(secured.seen == plain.seen)
        #expect(secured.ids == plain.ids)
        #expect(secured.verdicts == plain.verdicts)
        #expect(secured.messagePayloads == plain.messagePayloads)
        #expect(secured.connections.map(\.close) == plain.connections.map(\.close))
        #expect(secured.handshakes.allSatisfy { $0.tls?.serverName == "tls.example" && $0.tls?.keys == "key-log" })
        #expect(secured.unread.isEmpty && secured.summary.tls.read == 1 && secured.summary.tls.connections == 1)
    }

    @Test("there are samples")
    func count() { #expect(Self.samples.count > 80) }
}
