import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

@Suite("Bytes that are missing")
struct HoleTests {
    private func holed(_ change: (inout Conversation) -> Void) -> Conversation {
        var conversation = Conversation.opened
        conversation.clientBytes("ab", at: 0)
        conversation.clientBytes("ef", at: 4)
        change(&conversation)
        return conversation
    }

    @Test("a hole is waited for while nobody acknowledges past it")
    func patience() throws {
        let conversation = holed {
            $0.serverAcknowledges(upTo: 2, times: 1_000)
            $0.clientBytes("cd", at: 2)
        }
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcdef" && flow.client.gaps.isEmpty)
    }

    @Test("a hole that was acknowledged is waited for, however many packets come", arguments: [0, 1, 16, 17, 200])
    func acknowledged(count: Int) throws {
        let conversation = holed {
            $0.serverAcknowledges(upTo: 6, times: count)
            $0.clientBytes("cd", at: 2)
        }
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcdef" && flow.client.gaps == [] && flow.client.anomalies == [])
    }

    @Test("a hole that was acknowledged is given up where much comes behind it, and what comes then is late")
    func muchBehind() throws {
        var limits = StreamLimits()
        limits.patienceBytes = 1_000
        let conversation = holed {
            $0.serverAcknowledges(upTo: 6)
            for index in 0..<20 { $0.clientBytes(String(repeating: "x", count: 100), at: 6 + index * 100) }
            $0.clientBytes("cd", at: 2)
            $0.clientBytes("cd", at: 2)
        }
        let flow = try #require(follow(conversation.segments, limits: limits).flows.first)
        #expect(flow.client.text == "abef" + String(repeating: "x", count: 2_000))
        #expect(flow.client.gaps == [.init(2, .acknowledged, at: 2)])
        #expect(flow.client.ignored == [.init(.late, length: 2)])
    }

    @Test("a hole that was acknowledged is given up after some time", arguments: [1_900, 2_100] as [Int64])
    func acknowledgedLongAgo(milliseconds: Int64) throws {
        let conversation = holed {
            $0.serverAcknowledges(upTo: 6, times: 2)
            $0.clientBytes("cd", at: 2)
        }
        let times = [0, 0, 0, 0, 0, 0, milliseconds * 1_000_000, milliseconds * 1_000_000]
        let flow = try #require(follow(conversation.segments, times: times).flows.first)
        #expect(flow.client.text == (milliseconds > 2_000 ? "abef" : "abcdef"))
    }

    @Test("a hole at the end of the capture is told, and what follows it is passed on")
    func atEnd() throws {
        let flow = try #require(follow(holed { _ in }.segments).flows.first)
        #expect(flow.client.text == "abef")
        #expect(flow.client.gaps == [.init(2, .end, at: 2)])
    }

    @Test("several holes are told one by one")
    func several() throws {
        var conversation = Conversation.opened
        for offset in [3, 9, 6, 0, 12] { conversation.clientBytes("x", at: offset) }
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "xxxxx")
        #expect(flow.client.gaps == (1...4).map { .init(2, .end, at: $0) })
    }

    @Test("bytes that only a FIN shows are told")
    func beforeFin() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("ab", at: 0)
        conversation.clientBytes("", at: 10, flags: [.fin, .ack])
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.gaps == [.init(8, .end, at: 2)] && flow.client.end == .finished)
    }

    @Test("bytes that only an acknowledgment shows are told")
    func afterLast() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("ab", at: 0)
        conversation.serverAcknowledges(upTo: 7)
        conversation.serverAcknowledges(upTo: 5)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.gaps == [.init(5, .end, at: 2)] && flow.client.end == .captureEnd)
    }

    @Test("what the snapshot length cut off is told at its place", arguments: 0...5)
    func cutShort(length: Int) throws {
        var conversation = Conversation.opened
        conversation.send("abcd", from: .client)
        conversation.send("efgh", from: .client)
        let flow = try #require(follow(conversation.segments.cut(to: length)).flows.first)
        let kept = min(length, 4)
        #expect(flow.client.text == String("abcd".prefix(kept) + "efgh".prefix(kept)))
        let gaps: [RecordingSink.Gap] = [
            .init(4 - kept, .cutShort, at: kept), .init(4 - kept, .cutShort, at: 2 * kept),
        ]
        #expect(flow.client.gaps == (kept == 4 ? [] : gaps))
    }

    @Test("what the snapshot length cut off is told also where it was held")
    func heldAndCutShort() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("efgh", at: 4)
        conversation.clientBytes("abcd", at: 0)
        let flow = try #require(follow(conversation.segments.cut(to: 3)).flows.first)
        #expect(flow.client.text == "abcefg")
        #expect(flow.client.gaps == [.init(1, .cutShort, at: 3), .init(1, .cutShort, at: 6)])
    }

    @Test("a retransmission over a cut segment changes nothing: the first copy wins")
    func retransmissionOfCut() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("abcd", at: 0)
        conversation.segments = conversation.segments.cut(to: 2)
        conversation.clientBytes("abcdef", at: 0)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abef")
        #expect(flow.client.gaps == [.init(2, .cutShort, at: 2)])
    }
}
