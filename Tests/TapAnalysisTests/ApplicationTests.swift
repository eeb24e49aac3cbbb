import TapAnalysis
import TapCore
import TapSubprotocols
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Messages in their protocols")
struct ApplicationTests {
    private static let call = FindingSample.call(1)
    private static let answer = FindingSample.answer(1)

    private static func options(messages: Bool = true) -> AnalysisOptions {
        var options = FindingSample.decoding()
        options.observesMessages = messages
        return options
    }

    /// A call and its answer, and the closing handshake two seconds later.
    private static func conversation(_ extensions: String? = nil) -> Conversation {
        var conversation = Conversation.upgraded(
            HandshakeBytes(extensions: extensions, chosenExtensions: extensions))
        conversation.send(text: call, from: .client)
        conversation.send(text: answer, from: .server)
        conversation.later(seconds: 2)
        conversation.close(by: .client)
        return conversation
    }

    private static func items(_ observed: Observed) -> [ApplicationItem] {
        observed.messages.flatMap { $0.application?.items ?? [] }
    }

    @Test("nothing is read unless somebody asks")
    func off() {
        var options = AnalysisOptions()
        options.observesMessages = true
        let observed = Observed(Self.conversation(), options)
        #expect(observed.messages.count == 2 && observed.frames.allSatisfy { $0.application == nil })
        #expect(Self.items(observed).isEmpty && observed.connections.first?.application == nil)
    }

    @Test("an answer says what it answers, in its message and in the frame that ends it")
    func answered() throws {
        let observed = Observed(Self.conversation(), Self.options())
        let items = Self.items(observed)
        #expect(items.map(\.kind) == ["request", "response"] && items.map(\.name) == ["tide.now", "tide.now"])
        #expect(items.last?.answer?.message == 1 && items.last?.answer?.latency == 2_000_000)
        #expect(observed.frames.flatMap { $0.application?.items ?? [] } == items)
        let application = try #require(observed.connections.first?.application)
        #expect(application.recognition?.protocol == .jsonRPC && application.openRequests.isEmpty)
        #expect(observed.messages.map { $0.application?.recognition?.protocol } == [.jsonRPC, nil])
    }

    @Test("it is the same where messages come in frames, compressed, or byte by byte")
    func forms() throws {
        let expected = Self.items(Observed(Self.conversation(), Self.options()))
        var parted = Conversation.upgraded()
        for (text, sender) in [(Self.call, Sender.client), (Self.answer, .server)] {
            let bytes = Array(text.utf8)
            parted.send(FrameBytes(.text, Array(bytes.prefix(9))).unfinished, from: sender)
            parted.send(FrameBytes(.ping), from: sender)
            parted.send(FrameBytes(.continuation, Array(bytes.dropFirst(9))), from: sender)
        }
        var compressed = Conversation.upgraded(extensions: "permessage-deflate")
        compressed.send(FrameBytes(.text, Deflater().message(Array(Self.call.utf8))).compressed, from: .client)
        compressed.send(FrameBytes(.text, Deflater().message(Array(Self.answer.utf8))).compressed, from: .server)
        var bytewise = Conversation.upgraded()
        bytewise.send(FrameBytes(text: Self.call).sent(by: .client).bytes, from: .client, segmentSize: 1)
        bytewise.send(FrameBytes(text: Self.answer).bytes, from: .server, segmentSize: 1)
        for conversation in [parted, compressed, bytewise] {
            let items = Self.items(Observed(conversation, Self.options()))
            #expect(items.map(\.summary) == expected.map(\.summary))
            #expect(items.last?.answer?.message == 1)
        }
    }

    @Test("frames alone are enough, whatever is kept of payloads", arguments: [0, 4, 1 << 20])
    func kept(limit: Int) {
        var options = Self.options(messages: false)
        options.payloadLimit = limit
        let observed = Observed(Self.conversation(), options)
        #expect(observed.messages.isEmpty)
        #expect(observed.frames.compactMap { $0.application?.items.first?.kind } == ["request", "response"])
        #expect(observed.payloads.allSatisfy { $0.count <= max(limit, 2) })
    }

    /// The segments of the call and of the answer stand behind those of the handshake.
    private static let before = Conversation.upgradedPackets

    @Test("nothing is concluded from an answer that the capture lacks")
    func hole() {
        var conversation = Self.conversation()
        conversation.segments.remove(at: Self.before + 2)
        let ids = Observed(conversation, Self.options()).ids
        #expect(ids.contains(.captureBytesMissing) && !ids.contains(.applicationUnanswered))
    }

    @Test("nor from one of which the capture holds a part")
    func cut() {
        var conversation = Self.conversation()
        conversation.segments[Self.before + 2].capturedLength = 20
        let ids = Observed(conversation, Self.options()).ids
        #expect(ids.contains(.captureSnaplen) && !ids.contains(.applicationUnanswered))
    }

    @Test("nor where only one side was captured")
    func oneSided() {
        var conversation = Self.conversation()
        conversation.segments.removeAll { $0.source == conversation.server }
        let observed = Observed(conversation, Self.options())
        #expect(Self.items(observed).map(\.kind) == ["request"])
        #expect(!observed.ids.contains(.applicationUnanswered))
    }

    @Test("nor where the capture ends first: the request is pending")
    func pending() throws {
        var conversation = Conversation.upgraded()
        conversation.send(text: Self.call, from: .client)
        conversation.later(seconds: 60)
        let observed = Observed(conversation, Self.options())
        let application = try #require(observed.connections.first?.application)
        #expect(application.pending == 1 && application.unanswered == 0 && observed.ids == [])
        #expect(application.openRequests.first?.outcome == .captureEnded)
    }

    @Test("an answer in the middle of which the connection ends is no silence")
    func ended() {
        var conversation = Conversation.upgraded()
        conversation.send(text: Self.call, from: .client)
        conversation.later(seconds: 2)
        conversation.send(Array(FrameBytes(text: Self.answer).bytes.dropLast(4)), from: .server)
        conversation.finish(.server)
        conversation.finish(.client)
        let ids = Observed(conversation, Self.options()).ids
        #expect(ids.contains(.closeInFrame) && !ids.contains(.applicationUnanswered))
    }

    @Test("whoever knows better chooses the protocol by the path", arguments: ["/chat", "/ch*", "/other"])
    func chosen(path: String) {
        var options = Self.options()
        options.decoding.choices = [DecodingOptions.Choice(path: path, protocol: .socketIO)]
        let observed = Observed(Self.conversation(), options)
        let recognition = observed.connections.first?.application?.recognition
        #expect(recognition?.evidence == .choice || path == "/other")
        #expect(recognition?.protocol == (path == "/other" ? .jsonRPC : .socketIO))
    }

    @Test("a message that is too long is stepped over, and answers to what came before are not known")
    func long() {
        var options = Self.options()
        options.decoding.longestMessage = 60
        var conversation = Conversation.upgraded()
        conversation.send(text: Self.call, from: .client)
        conversation.send(text: String(repeating: " ", count: 100), from: .server)
        conversation.send(text: Self.answer, from: .server)
        let items = Self.items(Observed(conversation, options))
        #expect(items.map(\.kind) == ["request", "response"] && items.last?.answer == nil)
    }

    @Test("requests are remembered up to a limit, and that is told once")
    func limit() {
        var options = Self.options()
        options.decoding.limits.openRequests = 4
        var conversation = Conversation.upgraded()
        for id in 1...20 { conversation.send(text: FindingSample.call(id), from: .client) }
        conversation.send(text: FindingSample.answer(20), from: .server)
        conversation.send(text: FindingSample.answer(1), from: .server)
        let observed = Observed(conversation, options)
        #expect(observed.ids == [.captureLimitReached])
        #expect(Self.items(observed).suffix(2).map { $0.answer?.message } == [20, nil])
    }
}
