import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Beginnings and ends")
struct EndTests {
    @Test("a SYN may carry bytes")
    func synWithData() throws {
        var conversation = Conversation()
        conversation.add(.client, [.syn], Array("early ".utf8), isAcknowledging: false)
        conversation.add(.server, [.syn, .ack])
        conversation.send("late", from: .client)
        #expect(try #require(follow(conversation.segments).flows.first).client.text == "early late")
    }

    @Test("a FIN may carry bytes")
    func finWithData() throws {
        var conversation = Conversation.opened
        conversation.send("first ", from: .client)
        conversation.finish(.client, with: Array("last".utf8))
        let flow = try #require(follow(conversation.segments, isFinished: false).flows.first)
        #expect(flow.client.text == "first last")
        #expect(flow.client.end == .finished && flow.server.end == nil && flow.end == nil)
    }

    @Test("one packet may be a whole conversation's side: SYN, bytes and FIN")
    func everythingAtOnce() throws {
        var conversation = Conversation()
        conversation.add(.client, [.syn, .fin], Array("all".utf8), isAcknowledging: false)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "all" && flow.client.end == .finished && flow.client.gaps.isEmpty)
    }

    @Test("a FIN that comes before the bytes waits for them")
    func earlyFin() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("d", at: 3, flags: [.fin, .ack])
        conversation.clientBytes("abc", at: 0)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcd" && flow.client.end == .finished)
    }

    @Test("one side may go on after the other's FIN")
    func halfClose() throws {
        var conversation = Conversation.opened
        conversation.finish(.client)
        for text in ["still ", "going"] { conversation.send(text, from: .server) }
        conversation.finish(.server)
        let flow = try #require(follow(conversation.segments, isFinished: false).flows.first)
        #expect(flow.server.text == "still going")
        #expect(flow.client.end == .finished && flow.server.end == .finished && flow.end == .finished)
    }

    @Test("a FIN sent twice ends the stream once")
    func finTwice() throws {
        var conversation = Conversation.opened
        conversation.send("a", from: .client)
        conversation.finish(.client, with: [UInt8(ascii: "b")])
        conversation.segments.append(conversation.segments[conversation.segments.count - 2])
        conversation.send("reply", from: .server)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "ab" && flow.server.text == "reply")
    }

    @Test("a FIN from before the bytes that were seen is not this connection's", arguments: [-1_000_000, -5, -1])
    func oldFin(offset: Int) throws {
        var conversation = Conversation.opened
        conversation.send("abcd", from: .client)
        conversation.clientBytes("", at: 4 + offset, flags: [.fin, .ack])
        conversation.clientBytes("efgh", at: 4)
        let flow = try #require(follow(conversation.segments, isFinished: false).flows.first)
        #expect(flow.client.text == "abcdefgh")
        #expect(flow.client.end == nil)
    }

    @Test("bytes beyond the FIN are not passed on after the end")
    func bytesBeyondFin() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("abcd", at: 0)
        conversation.clientBytes("XXXX", at: 10)
        conversation.clientBytes("", at: 4, flags: [.fin, .ack])
        conversation.serverAcknowledges(upTo: 5, times: 40)
        conversation.serverAcknowledges(upTo: 14, times: 40)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcd")
        #expect(flow.client.gaps.isEmpty && flow.client.end == .finished)
    }

    @Test("a connection that is refused is reset")
    func refused() throws {
        var conversation = Conversation(serverISN: 0)
        conversation.add(.client, [.syn], isAcknowledging: false)
        conversation.reset(from: .server)
        let flow = try #require(follow(conversation.segments, isFinished: false).flows.first)
        #expect(flow.end == .reset && flow.client.end == .reset && flow.server.end == .reset)
        #expect(flow.client.missed == 0 && flow.server.missed == 0)
    }

    @Test("a reset ends both directions", arguments: [Sender.client, .server])
    func reset(sender: Sender) throws {
        var conversation = Conversation.opened
        conversation.send("request", from: .client)
        conversation.reset(from: sender)
        conversation.send("too late", from: sender.peer)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "request" && flow.server.text == "")
        #expect(flow.client.end == .reset && flow.server.end == .reset && flow.end == .reset)
    }

    @Test("a reset with bytes passes them on before")
    func resetWithBytes() throws {
        var conversation = Conversation.opened
        conversation.add(.client, [.rst, .ack], Array("bye".utf8))
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "bye" && flow.end == .reset)
    }

    @Test("a reset passes on what is held, with its holes")
    func resetWithPending() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("ab", at: 0)
        conversation.clientBytes("ef", at: 4)
        conversation.clientBytes("", at: 6, flags: [.rst])
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abef")
        #expect(flow.client.gaps == [.init(2, .end, at: 2)] && flow.end == .reset)
    }

    @Test("a reset from long before is ignored", arguments: [-2, -70_000, -1_000_000_000])
    func oldReset(offset: Int) throws {
        var conversation = Conversation.opened
        conversation.send("abcd", from: .client)
        conversation.clientBytes("", at: 4 + offset, flags: [.rst])
        conversation.clientBytes("efgh", at: 4)
        let flow = try #require(follow(conversation.segments, isFinished: false).flows.first)
        #expect(flow.client.text == "abcdefgh" && flow.end == nil)
    }

    @Test("a capture that begins in the middle begins with the first segment")
    func midstream() throws {
        var conversation = Conversation()
        conversation.send("from the middle", from: .server)
        conversation.send(" answer", from: .client)
        conversation.finish()
        let flow = try #require(follow(conversation.segments, isFinished: false).flows.first)
        #expect(!flow.isStartCaptured)
        #expect(flow.server.text == "from the middle" && flow.client.text == " answer" && flow.end == .finished)
    }

    @Test("the end of the capture ends what is open")
    func captureEnd() throws {
        var conversation = Conversation.opened
        conversation.send("a", from: .client)
        conversation.finish(.client)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.end == .finished && flow.server.end == .captureEnd && flow.end == .captureEnd)
    }

    @Test("a direction of which nothing was seen has no end")
    func oneSided() throws {
        var conversation = Conversation.opened
        conversation.send("a", from: .client)
        let flow = try #require(follow(conversation.segments.filter { $0.sender == .client }).flows.first)
        #expect(flow.client.text == "a" && flow.client.end == .captureEnd && flow.server.end == nil)
    }

    @Test("an endpoint that talks to itself does no harm")
    func sameEndpoint() {
        let endpoint = Endpoint("10.0.0.1", 139)
        var conversation = Conversation(client: endpoint, server: endpoint)
        conversation.handshake()
        conversation.send("x", from: .client)
        conversation.finish()
        #expect(!follow(conversation.segments).flows.isEmpty)
    }
}
