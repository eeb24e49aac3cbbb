import TapTestSupport
import TapWebSocket
import Testing

/// Whether a peer knew more of the other when it sent than the capture has shown so far.
@Suite("Bytes that come before what they answer")
struct PeerBehindTests {
    static let exchange: Conversation = {
        var conversation = Conversation.opened
        conversation.send("request", from: .client)
        conversation.send("response", from: .server)
        conversation.send("more", from: .client)
        return conversation
    }()

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The segments, by their places in the exchange.
        let order: [Int]
        /// The packets that bring bytes, as they are passed on.
        let packets: [UInt64]
    }

    @Test(
        "bytes that acknowledge what was not passed on yet wait for that",
        arguments: [
            Row(testDescription: "as it was sent", order: Array(0...8), packets: [4, 6, 8]),
            Row(
                testDescription: "without the segments that only acknowledge", order: [0, 1, 2, 3, 5, 7],
                packets: [4, 5, 6]),
            Row(
                testDescription: "the response before the request", order: [0, 1, 2, 5, 3, 4, 6, 7, 8],
                packets: [5, 4, 8]),
            Row(
                testDescription: "what follows the response before it", order: [0, 1, 2, 3, 4, 7, 5, 6, 8],
                packets: [4, 7, 6]),
            Row(
                testDescription: "a bare acknowledgment first", order: [0, 1, 2, 4, 3, 5, 6, 7, 8], packets: [5, 6, 8]),
            Row(testDescription: "all backwards", order: [0, 1, 2, 7, 5, 3], packets: [6, 5, 4]),
            Row(testDescription: "the request is not there", order: [0, 1, 2, 5, 7], packets: [4, 5]),
        ])
    func order(row: Row) throws {
        let segments = row.order.map { PeerBehindTests.exchange.segments[$0] }
        let flow = try #require(follow(segments).flows.first)
        #expect(flow.packets == row.packets)
        #expect(flow.client.packetsBeforeTheirPeers == [] && flow.server.packetsBeforeTheirPeers == [])
    }

    @Test("what comes behind a hole is passed on before what answers it")
    func hole() throws {
        var conversation = Conversation.opened
        conversation.send("request", from: .client)
        conversation.send("next", from: .client)
        for _ in 0..<20 { conversation.send("a", from: .server) }
        conversation.segments.remove(at: 3)
        let times = conversation.segments.indices.map { Int64($0) * 300_000_000 }
        let flow = try #require(follow(conversation.segments, times: times).flows.first)
        #expect(flow.client.gaps == [.init(7, .acknowledged, at: 0)])
        #expect(flow.packets == flow.packets.sorted() && flow.packets.count == 21)
        #expect(flow.server.packetsBeforeTheirPeers == [])
    }

    @Test("nobody waits for ever: after some time bytes are passed on, and marked")
    func overdue() throws {
        var conversation = Conversation.opened
        conversation.send("request", from: .client)
        for _ in 0..<20 { conversation.send("a", from: .server) }
        conversation.segments.remove(at: 3)
        let times = conversation.segments.indices.map { Int64($0) * 300_000_000 }
        let sink = follow(conversation.segments, times: times, isFinished: false)
        let flow = try #require(sink.flows.first)
        #expect(flow.server.packets.count > 10)
        #expect(flow.server.packetsBeforeTheirPeers == flow.server.packets)
    }

    @Test("what follows a FIN does not wait for it")
    func afterFinish() throws {
        var conversation = PeerBehindTests.exchange
        conversation.finish(.client)
        conversation.send("and more", from: .server)
        let flow = try #require(follow(conversation.segments, isFinished: false).flows.first)
        #expect(flow.server.text == "responseand more" && flow.server.packetsBeforeTheirPeers == [])
    }

    @Test("in a capture that begins in the middle, a peer is behind until it is seen")
    func midstream() throws {
        var conversation = PeerBehindTests.exchange
        conversation.send("last", from: .server)
        let flow = try #require(follow(Array(conversation.segments.dropFirst(5))).flows.first)
        #expect(flow.client.packetsBeforeTheirPeers == [] && flow.server.packetsBeforeTheirPeers == [1])
    }
}
