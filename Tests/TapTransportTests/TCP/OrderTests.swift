import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Order, overlap and retransmission")
struct OrderTests {
    @Test("a whole conversation gives both streams and their ends")
    func inOrder() throws {
        var conversation = Conversation.opened
        conversation.send("request", from: .client)
        conversation.send("response", from: .server)
        conversation.finish()
        let sink = follow(conversation.segments, isFinished: false)
        let flow = try #require(sink.flows.first)
        #expect(sink.flows.count == 1)
        #expect(flow.isStartCaptured)
        #expect(flow.client.text == "request" && flow.server.text == "response")
        #expect(flow.client.end == .finished && flow.server.end == .finished && flow.end == .finished)
        #expect(flow.client.gaps.isEmpty && flow.server.gaps.isEmpty)
    }

    /// Parts of the client's stream in the order of the capture: offset and text.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let parts: [(offset: Int, text: String)]
        let stream: String
        var testDescription: String { name }

        init(_ name: String, _ parts: [(Int, String)], _ stream: String = "abcdefgh") {
            self.name = name
            self.parts = parts
            self.stream = stream
        }
    }

    @Test(
        "the first copy of each byte is passed on, in order",
        arguments: [
            Row("in order", [(0, "abc"), (3, "def"), (6, "gh")]),
            Row("reversed", [(6, "gh"), (3, "def"), (0, "abc")]),
            Row("one segment", [(0, "abcdefgh")]),
            Row("segments of one byte", "abcdefgh".enumerated().map { ($0, String($1)) }),
            Row("segments of one byte, reversed", "abcdefgh".enumerated().map { ($0, String($1)) }.reversed()),
            Row("a retransmission", [(0, "abcd"), (0, "ABCD"), (4, "efgh")]),
            Row("a retransmission of what is held", [(4, "efgh"), (4, "EFGH"), (0, "abcd")]),
            Row("a retransmission that goes on", [(0, "abcd"), (0, "ABCDefgh")]),
            Row("a retransmission of the last bytes that goes on", [(0, "abcd"), (2, "CDefgh")]),
            Row("an overlap at the end of what is held", [(4, "ef"), (5, "Fgh"), (0, "abcd")]),
            Row("an overlap at the front of what is held", [(4, "efgh"), (2, "cdEF"), (0, "ab")]),
            Row("a superset of what is held", [(3, "de"), (1, "bcDEfgh"), (0, "a")]),
            Row("a subset of what is held", [(1, "bcdefgh"), (3, "DE"), (0, "a")]),
            Row("a superset of three parts", [(2, "c"), (4, "e"), (6, "g"), (1, "bCdEfGh"), (0, "a")]),
            Row("a superset that also fills the hole", [(2, "c"), (4, "e"), (0, "abCdEfgh")]),
            Row("what fills the hole overlaps what is held", [(4, "efgh"), (0, "abcdEF")]),
            Row("what fills the hole repeats what was passed on", [(0, "abc"), (5, "fgh"), (1, "BCdeF")]),
            Row("a retransmission from the very beginning", [(0, "ab"), (4, "ef"), (0, "ABcdEFgh")]),
            Row("neighbours without a gap", [(4, "ef"), (6, "gh"), (2, "cd"), (0, "ab")]),
            Row("a keep-alive probe with a byte", [(0, "abcd"), (3, "!"), (4, "efgh")]),
            Row("a keep-alive probe before anything", [(-1, "!"), (0, "abcdefgh")]),
            Row("bytes from before the connection", [(-4, "????"), (-2, "??abcd"), (4, "efgh")]),
        ])
    func firstCopyWins(row: Row) throws {
        var conversation = Conversation.opened
        for part in row.parts { conversation.clientBytes(part.text, at: part.offset) }
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == row.stream)
        #expect(flow.client.gaps.isEmpty)
    }

    @Test("each order of four segments gives the same stream", arguments: permutations(of: [0, 1, 2, 3]))
    func everyOrder(order: [Int]) throws {
        var conversation = Conversation.opened
        for index in order { conversation.clientBytes(["ab", "c", "defg", "h"][index], at: [0, 2, 3, 7][index]) }
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.text == "abcdefgh")
        #expect(flow.client.gaps.isEmpty)
    }

    @Test("sequence numbers go round at any byte of the stream", arguments: UInt32(0)...20)
    func wrap(before: UInt32) throws {
        for isReversed in [false, true] {
            var conversation = Conversation(clientISN: 0 &- before, serverISN: 0 &- before)
            conversation.handshake()
            let handshake = conversation.segments
            conversation.send(Array("abcdefghijklmnop".utf8), from: .client, segmentSize: 3, isAcknowledged: false)
            let data = conversation.segments.dropFirst(handshake.count)
            conversation.segments = handshake + (isReversed ? data.reversed() : Array(data))
            conversation.send("response", from: .server)
            conversation.finish()
            let flow = try #require(follow(conversation.segments, isFinished: false).flows.first)
            #expect(flow.client.text == "abcdefghijklmnop" && flow.server.text == "response")
            #expect(flow.client.gaps.isEmpty && flow.end == .finished)
        }
    }

    @Test("bytes in a held segment are told with the packet that brought them")
    func packets() throws {
        var conversation = Conversation.opened
        conversation.clientBytes("cd", at: 2)
        conversation.clientBytes("ab", at: 0)
        conversation.clientBytes("ef", at: 4)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.client.packets == [5, 4, 6])
    }

    @Test("both directions of IPv6 conversations are told apart")
    func ipv6() throws {
        let (client, server) = (Endpoint("2001:db8::9", 1), Endpoint("2001:db8::1", 1))
        var conversation = Conversation(client: client, server: server)
        conversation.handshake()
        conversation.send("up", from: .client)
        conversation.send("down", from: .server)
        let flow = try #require(follow(conversation.segments).flows.first)
        #expect(flow.stream(from: client).text == "up" && flow.stream(from: server).text == "down")
    }
}

private func permutations(of items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.flatMap { item in permutations(of: items.filter { $0 != item }).map { [item] + $0 } }
}
