import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

@Suite("Flows of no interest")
struct InterestTests {
    @Test("give no more bytes, and are closed at their end")
    func ignored() throws {
        var conversation = Conversation.opened
        for text in ["one", "two", "three"] { conversation.send(text, from: .client) }
        conversation.finish()
        let flow = try #require(follow(conversation.segments, interest: 3, isFinished: false).flows.first)
        #expect(flow.client.text == "onetwo")
        #expect(flow.end == .finished)
    }

    @Test("are closed by a reset")
    func reset() throws {
        var conversation = Conversation.opened
        conversation.send("one", from: .client)
        conversation.reset(from: .server)
        let flow = try #require(follow(conversation.segments, interest: 0, isFinished: false).flows.first)
        #expect(flow.end == .reset)
    }

    @Test("are closed also where the last bytes and the FIN are one segment")
    func withFin() throws {
        var conversation = Conversation.opened
        conversation.finish(.client, with: [1])
        conversation.finish(.server)
        let flow = try #require(follow(conversation.segments, interest: 0, isFinished: false).flows.first)
        #expect(flow.end == .finished)
    }

    @Test("are closed also where the last bytes and the reset are one segment")
    func withReset() throws {
        var conversation = Conversation.opened
        conversation.add(.client, [.rst, .ack], [1])
        let flow = try #require(follow(conversation.segments, interest: 0).flows.first)
        #expect(flow.end == .reset)
    }

    @Test("give nothing of what is held, in neither direction")
    func held() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("held", at: 4)
        conversation.clientBytes("more", at: 20)
        var other = Conversation(clientISN: 1_001, serverISN: 500_010)
        other.send("held too", from: .server)
        let flow = try #require(follow(conversation.segments + other.segments, interest: 0).flows.first)
        #expect(flow.client.bytes.count + flow.server.bytes.count <= 4 || flow.client.bytes.isEmpty)
        #expect([flow.client.text, flow.server.text].filter { !$0.isEmpty }.count == 1)
    }

    @Test("give nothing more where bytes that are not believed reach the limit on what is held")
    func refusedBeyondLimit() throws {
        var limits = StreamLimits()
        limits.heldSegmentsPerDirection = 1
        var conversation = Conversation.opened
        conversation.clientBytes("held", at: 4)
        conversation.clientBytes("forged", at: 8, flags: [.psh])
        conversation.clientBytes("", at: 3, flags: [.fin, .ack])
        let flow = try #require(follow(conversation.segments, limits: limits, interest: 0).flows.first)
        #expect(flow.client.text == "held" && flow.client.ignored == [])
    }

    @Test("give nothing more where the limit on what is held ends the interest")
    func heldBeyondLimit() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("held", at: 4)
        conversation.clientBytes("more", at: 20)
        conversation.clientBytes(String(repeating: "most", count: 200), at: 40)
        var limits = StreamLimits()
        limits.heldBytesPerDirection = 500
        let flow = try #require(follow(conversation.segments, limits: limits, interest: 0).flows.first)
        #expect(flow.client.text == "held" && flow.client.missed == 4)
    }

    @Test("give up their ports to a new connection")
    func reopened() {
        var first = Conversation.opened
        first.send("one", from: .client)
        var second = Conversation(clientISN: 77_777)
        second.handshake()
        second.send("two", from: .client)
        let sink = follow(first.segments + second.segments, interest: 0)
        #expect(sink.flows.map(\.client.text) == ["one", "two"])
    }
}
