import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// Smaller windows than the largest, agreed on and kept, or not. RFC 7692 §7.1.2 and §7.2.1.
@Suite("Windows of permessage-deflate")
struct WindowTests {
    /// A conversation in which a peer sends these messages with the largest window.
    private func observed(
        _ messages: [[UInt8]], from sender: Sender = .client, offer: String = "client_max_window_bits",
        answer: String = "client_max_window_bits=9", takesOver: Bool = true,
        change: (inout Conversation) -> Void = { _ in }
    ) -> Observed {
        let deflater = Deflater(takesOver: takesOver)
        var conversation = Conversation.upgraded(
            HandshakeBytes(
                extensions: "permessage-deflate; \(offer)", chosenExtensions: "permessage-deflate; \(answer)"))
        for message in messages {
            conversation.send(FrameBytes(.binary, deflater.message(message)).compressed, from: sender)
        }
        conversation.close(by: .client)
        change(&conversation)
        return Observed(conversation)
    }

    /// Bytes of which the last stand the given number of bytes before, too. They have seven bits: what does not get shorter
    /// is not compressed at all.
    private static func repeating(at distance: Int) -> [UInt8] {
        let bytes = SeededGenerator.bytes(distance, seed: distance).map { $0 & 0x7F }
        return bytes + bytes.prefix(50)
    }

    @Test("a message may refer back as far as the window goes, and no further", arguments: 8...14, Sender.allCases)
    func boundary(bits: Int, sender: Sender) {
        let parameter = "\(sender.rawValue)_max_window_bits"
        for (distance, isExceeded) in [(1 << bits, false), (1 << bits + 1, true), (1 << bits - 200, false)] {
            let observed = observed(
                [WindowTests.repeating(at: distance)], from: sender,
                offer: parameter + (sender == .client ? "" : "=\(bits)"),
                answer: "\(parameter)=\(bits)")
            #expect(observed.ids == (isExceeded ? [.messageWindowExceeded] : []))
            #expect(observed.verdicts == [.valid] && observed.summary.messages == 1)
            guard let finding = observed.findings.first else { continue }
            #expect(finding.frame == 1 && finding.sender == sender)
            #expect(
                finding.violation.evidence == [
                    Evidence("distance", .number(UInt64(distance))), Evidence("window", .number(1 << UInt64(bits))),
                    Evidence("agreed", .text("\(parameter)=\(bits)")),
                ])
        }
    }

    private static let far = repeating(at: 3_000)

    @Test("what is told are the messages that go too far, each once")
    func each() {
        let (plain, other) = (SeededGenerator.bytes(400, seed: 1), SeededGenerator.bytes(400, seed: 2))
        let observed = observed([WindowTests.far, plain, WindowTests.far + WindowTests.far, other + other])
        #expect(observed.ids == [.messageWindowExceeded, .messageWindowExceeded])
        #expect(observed.findings.map(\.frame) == [1, 3])
    }

    @Test("messages are one stream, unless their context is given up", arguments: [true, false])
    func takeover(takesOver: Bool) {
        let (first, second) = (SeededGenerator.bytes(300, seed: 1), SeededGenerator.bytes(300, seed: 2))
        let parameters = takesOver ? "" : "; client_no_context_takeover"
        let observed = observed(
            [first, second, first], answer: "client_max_window_bits=9" + parameters, takesOver: takesOver)
        #expect(observed.ids == (takesOver ? [.messageWindowExceeded] : []))
    }

    @Test("a sender that keeps to its window is not accused", arguments: 8...14, [true, false])
    func kept(bits: Int, takesOver: Bool) {
        let deflater = Deflater(windowBits: bits, takesOver: takesOver)
        var conversation = Conversation.upgraded(
            extensions: "permessage-deflate; server_max_window_bits=\(bits)"
                + (takesOver ? "" : "; server_no_context_takeover"))
        for seed in 0..<6 {
            let words = SeededGenerator.bytes(1_500, seed: seed % 2)
            let message = deflater.message(words + words + SeededGenerator.bytes(20_000, seed: seed) + words)
            conversation.send(FrameBytes(.binary, message).compressed, from: .server)
        }
        conversation.close(by: .client)
        #expect(Observed(conversation).ids == [])
    }

    struct Unbound: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let sender: Sender
        let offer: String
        let answer: String
        let ids: [FindingID]
    }

    @Test(
        "who is not bound to a smaller window may use the largest",
        arguments: [
            Unbound(
                testDescription: "the other side is", sender: .client, offer: "server_max_window_bits=9",
                answer: "server_max_window_bits=9", ids: []),
            Unbound(
                testDescription: "the client offered a hint, and the server did not take it up", sender: .client,
                offer: "client_max_window_bits=9", answer: "server_no_context_takeover", ids: []),
            Unbound(
                testDescription: "the largest window is agreed on by name", sender: .client,
                offer: "client_max_window_bits", answer: "client_max_window_bits=15", ids: []),
            Unbound(
                testDescription: "the server limits the client without its offer", sender: .client,
                offer: "server_no_context_takeover", answer: "server_no_context_takeover; client_max_window_bits=9",
                ids: [.responseDeflateNotAllowed]),
            Unbound(
                testDescription: "the server names a larger window than it was asked for", sender: .server,
                offer: "server_max_window_bits=8", answer: "server_max_window_bits=9",
                ids: [.responseDeflateNotAllowed]),
        ])
    func unbound(row: Unbound) {
        #expect(observed([WindowTests.far], from: row.sender, offer: row.offer, answer: row.answer).ids == row.ids)
    }

    @Test("without its request, a client may not have offered the limit")
    func withoutRequest() {
        let observed = observed([WindowTests.far]) { conversation in
            conversation.segments.removeAll { $0.payload.starts(with: Array("GET ".utf8)) }
        }
        #expect(!observed.ids.contains(.messageWindowExceeded))
    }

    @Test("with another extension in force, nothing is said of it")
    func otherExtension() {
        var conversation = Conversation.upgraded(extensions: "permessage-deflate; server_max_window_bits=9, x-other")
        conversation.send(FrameBytes(.binary, Deflater().message(WindowTests.far)).compressed, from: .server)
        #expect(Observed(conversation).ids == [])
    }

    @Test("a message that does not inflate, or lacks bytes, is not judged")
    func broken() {
        let cut = observed([WindowTests.far]) { conversation in
            conversation.segments.remove(at: Conversation.upgradedPackets + 1)
        }
        #expect(cut.ids.contains(.captureBytesMissing) && !cut.ids.contains(.messageWindowExceeded))
        var conversation = Conversation.upgraded(extensions: "permessage-deflate; server_max_window_bits=9")
        let message = Deflater().message(WindowTests.far) + [0x07]
        conversation.send(FrameBytes(.binary, message).compressed, from: .server)
        #expect(Observed(conversation).ids == [.messageInflateFailed])
    }

    @Test("where segments and frames end makes no difference")
    func pieces() {
        let deflater = Deflater()
        let payload = deflater.message(WindowTests.repeating(at: 700))
        let next = deflater.message("short, and within the window")
        for place in stride(from: 0, to: payload.count, by: 19) {
            var conversation = Conversation.upgraded(extensions: "permessage-deflate; server_max_window_bits=9")
            let (first, second) = (Array(payload[..<place]), Array(payload[place...]))
            conversation.send(FrameBytes(.binary, first).compressed.unfinished, from: .server, segmentSize: 7)
            conversation.send(FrameBytes(.ping), from: .server)
            conversation.send(FrameBytes(.continuation, second), from: .server, segmentSize: place + 1)
            conversation.send(FrameBytes(.binary, next).compressed, from: .server, segmentSize: 5)
            let observed = Observed(conversation)
            #expect(observed.ids == [.messageWindowExceeded] && observed.findings.map(\.frame) == [3])
        }
    }
}
