import TapPackets
import TapStreams
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
        var client: [UInt64] = []
        var server: [UInt64] = []
    }

    @Test(
        "bytes are marked that acknowledge what was not passed on yet",
        arguments: [
            Row(testDescription: "as it was sent", order: Array(0...8)),
            Row(testDescription: "without the segments that only acknowledge", order: [0, 1, 2, 3, 5, 7]),
            Row(testDescription: "the response before the request", order: [0, 1, 2, 5, 3, 4, 6, 7, 8], server: [4]),
            Row(
                testDescription: "what follows the response before it", order: [0, 1, 2, 3, 4, 7, 5, 6, 8], client: [6]),
            Row(testDescription: "a bare acknowledgment first", order: [0, 1, 2, 4, 3, 5, 6, 7, 8]),
            Row(testDescription: "the request is not there", order: [0, 1, 2, 5, 7], client: [], server: [4]),
        ])
    func marked(row: Row) throws {
        let segments = row.order.map { PeerBehindTests.exchange.segments[$0] }
        let flow = try #require(follow(segments).flows.first)
        #expect(flow.client.packetsBeforeTheirPeers == row.client)
        #expect(flow.server.packetsBeforeTheirPeers == row.server)
    }

    @Test("once it is certain that bytes are missing, nothing waits for them any more")
    func hole() throws {
        var conversation = Conversation.opened
        conversation.send("request", from: .client)
        conversation.send("next", from: .client)
        for _ in 0..<20 { conversation.send("a", from: .server) }
        conversation.segments.remove(at: 3)
        let flow = try #require(follow(conversation.segments).flows.first)
        let marked = flow.server.packetsBeforeTheirPeers
        #expect(flow.client.missed == 7 && !marked.isEmpty && marked.count < 20)
        #expect(marked == Array(flow.server.packets.prefix(marked.count)))
    }

    @Test("in a capture that begins in the middle, a peer is behind until it is seen")
    func midstream() throws {
        var conversation = PeerBehindTests.exchange
        conversation.send("last", from: .server)
        let flow = try #require(follow(Array(conversation.segments.dropFirst(5))).flows.first)
        #expect(flow.client.packetsBeforeTheirPeers == [] && flow.server.packetsBeforeTheirPeers == [1])
    }
}
