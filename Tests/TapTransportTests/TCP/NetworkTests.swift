import TapCore
import TapTestSupport
import TapTransport
import TapWebSocket
import Testing

@Suite("Flows in many networks")
struct NetworkTests {
    /// A VLAN in a VLAN, so that there are enough.
    private func follow(_ packets: some Sequence<CapturedPacket>) -> RecordingSink {
        var sink = RecordingSink()
        var table = FlowTable(limits: StreamLimits())
        var last = PacketHeader.numbered(0)
        for (index, packet) in packets.enumerated() {
            last = .numbered(index + 1, nanoseconds: Int64(index))
            guard case .tcp(let segment) = packet.content else { continue }
            table.receive(segment, packet.bytes.span.bytes, in: last, to: &sink)
        }
        table.finish(in: last, to: &sink)
        return sink
    }

    private func outer(_ number: Int) -> UInt16 { UInt16(number / 4_000 + 1) }
    private func inner(_ number: Int) -> UInt16 { UInt16(number % 4_000 + 1) }

    @Test(
        "the same endpoints in each of 10,000 networks cost no more for each", .timeLimit(.minutes(1)),
        arguments: [[.syn], [.ack]] as [TCPFlags])
    func many(flags: TCPFlags) throws {
        var conversation = Conversation()
        conversation.add(.client, flags, flags.contains(.syn) ? [] : [7])
        let packet = try #require(conversation.segments.packets().first)
        // Numbers that are far from each other: none goes on where another was.
        let sink = follow(
            (0..<10_000).lazy.map { number in
                var packet = packet.tagged(outer(number), inner(number))
                packet.bytes.replaceSubrange(46..<50, with: bigEndian(UInt32(number) &* 0x9E37_79B1))
                packet.bytes.replaceSubrange(50..<54, with: bigEndian(UInt32(number) &* 0x85EB_CA6B))
                return packet
            })
        #expect(sink.flows.count == 10_000)
        #expect(sink.breaches == [])
    }

    @Test("each direction finds its connection among many that lead back over another network", arguments: [1, 2, 40])
    func ways(count: Int) {
        let conversations = (0..<count).map { number in
            var conversation = Conversation(
                clientISN: UInt32(number) &* 0x0900_0001, serverISN: UInt32(number) &* 0x0300_0007 &+ 9)
            conversation.handshake()
            conversation.send("to \(number)", from: .client)
            conversation.send("from \(number)", from: .server)
            conversation.finish()
            return conversation.segments.packets().enumerated().map { index, packet in
                let isBack = conversation.segments[index].sender == .server
                return packet.tagged(UInt16(2 * number + (isBack ? 2 : 1)))
            }
        }
        let longest = conversations[0].count
        let sink = follow((0..<longest).flatMap { index in conversations.map { $0[index] } })
        #expect(sink.flows.count == count && sink.breaches == [])
        #expect(sink.flows.map(\.client.text) == (0..<count).map { "to \($0)" })
        #expect(sink.flows.map(\.server.text) == (0..<count).map { "from \($0)" })
    }

    @Test("a connection that changes its network again and again stays one", arguments: [1, 3])
    func wandering(step: Int) throws {
        var conversation = Conversation.opened
        for number in 0..<200 { conversation.send("\(number % 10)", from: number % 2 == 0 ? .client : .server) }
        let packets = conversation.segments.packets().enumerated().map { index, packet in
            index / step % 4 == 0 ? packet : packet.tagged(UInt16(index / step % 4 * 100 + index / 50))
        }
        let sink = follow(packets)
        let flow = try #require(sink.flows.first)
        #expect(sink.flows.count == 1 && sink.breaches == [])
        #expect(flow.client.text.count == 100 && flow.server.text.count == 100)
    }

    @Test("ports are used again in a network, and others there are not touched")
    func again() {
        let rounds = (0..<3).flatMap { round in
            (0..<5).flatMap { network -> [CapturedPacket] in
                var conversation = Conversation(clientISN: UInt32(round * 1_000_000 + 1))
                conversation.handshake()
                conversation.send("round \(round) in \(network)", from: .client)
                conversation.finish()
                return conversation.segments.packets().map { network == 0 ? $0 : $0.tagged(UInt16(network)) }
            }
        }
        let sink = follow(rounds)
        #expect(sink.flows.count == 15 && sink.breaches == [])
        let texts = Set(sink.flows.map(\.client.text))
        #expect(texts.count == 15)
    }
}
