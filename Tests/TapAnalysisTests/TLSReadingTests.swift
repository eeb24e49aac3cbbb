import TapAnalysis
import TapCore
import TapSecurity
import TapTestSupport
import TapWebSocket
import Testing

@Suite("WebSocket inside TLS is read as in the clear")
struct TLSReadingTests {
    static let session = SealedSession(0x1301, seed: 7)

    static func options(_ options: AnalysisOptions) -> AnalysisOptions {
        var options = options
        options.tls.supply = session
        return options
    }

    /// Findings about segments and packets, of which there are others inside TLS.
    private static func isOfCapture(_ id: FindingID) -> Bool {
        id.rawValue.hasPrefix("tcp-") || id.rawValue.hasPrefix("capture-") || id.rawValue.hasPrefix("ip-")
    }

    static let samples = FindingTests.samples.filter { sample in
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
        // The hellos come between the packets of others, so that silences are others.
        #expect(secured.connections.map(\.close.body) == plain.connections.map(\.close.body))
        #expect(secured.connections.map(\.close.isClean) == plain.connections.map(\.close.isClean))
        #expect(secured.connections.map(\.close.initiator) == plain.connections.map(\.close.initiator))
        #expect(secured.handshakes.allSatisfy { $0.tls?.serverName == "tls.example" && $0.tls?.keys == .keyLog })
        #expect(secured.unread.isEmpty && secured.summary.tls.read == 1 && secured.summary.tls.connections == 1)
    }

    @Test("there are samples")
    func count() { #expect(Self.samples.count > 80) }

    /// A talk that keeps every rule, in which messages are as long as real ones.
    static func talk(_ seed: Int) -> Conversation {
        var generator = SeededGenerator(seed: UInt64(seed))
        var conversation = Conversation.opened
        conversation.upgrade(HandshakeBytes())
        for number in 0..<24 {
            let sender: Sender = Bool.random(using: &generator) ? .client : .server
            let length = [3, 20, 90, 700, 5_000].randomElement(using: &generator) ?? 3
            let text = "\(number) " + String(repeating: "abc ", count: length / 4)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0:
                conversation.send(FrameBytes(.ping, Array("\(number)".utf8)), from: sender)
                conversation.send(FrameBytes(.pong, Array("\(number)".utf8)), from: sender.peer)
            case 1:
                conversation.send(FrameBytes(text: text).unfinished, from: sender)
                conversation.send(FrameBytes(.continuation, Array("end".utf8)), from: sender)
            case _: conversation.send(FrameBytes(text: text), from: sender)
            }
        }
        conversation.close(by: .client)
        return conversation
    }

    @Test("where segments are missing no frame is invented, and nobody is accused", arguments: 0..<300)
    func loss(seed: Int) throws {
        let plain = Self.talk(seed)
        let whole = Observed(plain)
        try #require(whole.findings.isEmpty && whole.frames.count > 20)
        var generator = SeededGenerator(seed: UInt64(seed) &+ 7_919)
        let size = [40, 400, 16_384].randomElement(using: &generator) ?? 400
        var segments = try #require(plain.segments.secured(by: Self.session, recordSize: size))
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let candidates = segments.indices.filter { !segments[$0].payload.isEmpty }
            guard let place = candidates.randomElement(using: &generator) else { continue }
            segments.remove(at: place)
        }
        let observed = Observed(segments, Self.options(AnalysisOptions()))
        let accusations = observed.ids.filter { !$0.rawValue.hasPrefix("capture-") }
        #expect(accusations.isEmpty)
        for sender in Sender.allCases {
            let sent = Self.lines(whole, from: sender)
            let seen = Self.lines(observed, from: sender)
            var rest = sent[...]
            for frame in seen {
                let place = try #require(rest.firstIndex(of: frame), "a frame that nobody sent, or twice")
                rest = rest[(place + 1)...]
            }
        }
    }

    /// What was seen of a sender's whole frames.
    static func lines(_ observed: Observed, from sender: Sender) -> [String] {
        zip(observed.frames, observed.payloads).filter { $0.0.sender == sender && $0.0.isWhole }
            .map { frame, payload in "\(frame.header.opcode) \(payload)" }
    }

    @Test("without keys the same is told as where keys could have come, but did not", arguments: 0..<60)
    func keyless(seed: Int) throws {
        var segments = try #require(Self.talk(seed).segments.secured(by: Self.session))
        let places = segments.indices.filter { !segments[$0].payload.isEmpty }
        switch seed % 4 {
        case 0: segments.remove(at: places[0] + seed / 4 % 5)
        case 1: segments.removeSubrange((places[2 + seed / 4 % 4] + 1)...)
        case let way:
            let hello = places[way - 2]
            let cut = 1 + seed * 7 % (segments[hello].payload.count - 1)
            let length = segments[hello].payload.count
            segments.replaceSubrange(
                hello...hello, with: [segments[hello].piece(0..<cut), segments[hello].piece(cut..<length)])
        }
        var patient = AnalysisOptions()
        patient.tls.secretsMayCome = true
        let (told, later) = (Observed(segments, AnalysisOptions()), Observed(segments, patient))
        #expect(told.unread.map(Self.line) == later.unread.map(Self.line))
        #expect(told.summary.tls == later.summary.tls)
        #expect(told.unread.count == 1)
    }

    private static func line(_ unread: UnreadTLS) -> String {
        let tls = unread.tls
        return "\(unread.client) \(unread.server) \(String(describing: tls.version)) \(String(describing: tls.cipher)) "
            + "\(String(describing: tls.serverName)) \(String(describing: tls.clientRandom)) "
            + "\(String(describing: unread.reason)) \(unread.packet) \(unread.time)"
    }
}
