import TapCore
import TapTestSupport
import TapTransport
import Testing

@Suite("Connections that are written")
struct WrittenConnectionTests {
    private static let client = Endpoint("192.0.2.1", 49_152)
    private static let server = Endpoint("198.51.100.2", 443)
    private static let key = FlowKey(client, server)
    private static let fromClient: Direction = key.first == client ? .fromFirst : .fromSecond

    /// What became of it, as somebody reads it who has only the packets.
    private static func read(_ connection: WrittenConnection) -> RecordingSink {
        var sink = RecordingSink()
        var table = FlowTable(limits: StreamLimits())
        var last = PacketHeader.numbered(0)
        for (index, written) in connection.packets.enumerated() {
            var packet = CapturedPacket(written.bytes, written.header)
            packet.header.number = PacketNumber(UInt64(index + 1))
            last = packet.header
            guard let (segment, _) = packet.segment else { continue }
            table.receive(segment, packet.bytes.span.bytes, in: last, to: &sink)
        }
        table.finish(in: last, to: &sink)
        return sink
    }

    /// A connection of which the SYN and its answer were seen.
    private static func opened(isStartKnown: Bool = true, oneSided: Bool = false) -> WrittenConnection {
        var connection = WrittenConnection(key, isStartKnown: isStartKnown)
        var conversation = Conversation(client: client, server: server)
        conversation.handshake()
        for packet in conversation.segments.packets() {
            guard let (segment, _) = packet.segment, !oneSided || segment.source == client else { continue }
            connection.see(segment, packet.bytes.span.bytes, in: packet.header)
        }
        return connection
    }

    private static let end = DirectionEnd(.finished, isCaptured: true, isBehindHole: false, seen: [.bytes, .end])

    @Test("what was sent is what is read, however much at once", arguments: 0..<40)
    func streams(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var connection = Self.opened()
        var sent: [Direction: [UInt8]] = [.fromFirst: [], .fromSecond: []]
        for number in 0..<30 {
            let direction: Direction = Bool.random(using: &generator) ? .fromFirst : .fromSecond
            let most = [10, 1_500, 16_384, 200_000].randomElement(using: &generator) ?? 10
            let bytes = generator.bytes(Int.random(in: 1...most, using: &generator))
            connection.send(bytes.span.bytes, direction, in: .numbered(number + 4, nanoseconds: Int64(number)))
            sent[direction, default: []] += bytes
        }
        connection.end(Self.end, Self.fromClient, in: .numbered(40))
        connection.end(Self.end, Self.fromClient.opposite, in: .numbered(41))
        connection.close()
        let sink = Self.read(connection)
        let flow = try #require(sink.flows.first)
        #expect(sink.breaches.isEmpty && sink.flows.count == 1 && flow.isStartCaptured)
        #expect(flow.fromFirst.bytes == sent[.fromFirst] && flow.fromSecond.bytes == sent[.fromSecond])
        for stream in [flow.fromFirst, flow.fromSecond] {
            #expect(stream.gaps.isEmpty && stream.anomalies.isEmpty && stream.packetsBeforeTheirPeers.isEmpty)
            #expect(stream.end == .finished && stream.isEndCaptured)
        }
        #expect(flow.end == .finished)
        #expect(connection.packets.allSatisfy { $0.bytes.count <= 14 + 65_535 })
    }

    @Test("its handshake is there where it was captured, and what is read begins with it")
    func handshake() throws {
        let flags = { (connection: WrittenConnection) in
            connection.packets.compactMap { CapturedPacket($0.bytes, $0.header).segment?.0.flags }
        }
        #expect(flags(Self.opened()) == [.syn, [.syn, .ack], .ack])
        #expect(flags(Self.opened(oneSided: true)) == [.syn])
        #expect(flags(Self.opened(isStartKnown: false)).isEmpty)
        let numbers = Self.opened().packets.map(\.header.number.rawValue)
        #expect(numbers == [1, 2, 3])
    }

    @Test("what is missing stays missing, and what follows is read", arguments: [1, 100, 70_000, 8 << 20])
    func hole(count: Int) throws {
        var connection = Self.opened()
        connection.send(Array("before".utf8).span.bytes, Self.fromClient, in: .numbered(4))
        connection.skip(count, Self.fromClient)
        connection.send(Array("behind".utf8).span.bytes, Self.fromClient, in: .numbered(5))
        connection.send(Array("answer".utf8).span.bytes, Self.fromClient.opposite, in: .numbered(6))
        connection.close()
        let flow = try #require(Self.read(connection).flows.first)
        #expect(flow.stream(from: Self.client).text == "beforebehind")
        #expect(flow.stream(from: Self.client).missed == count && flow.stream(from: Self.client).anomalies.isEmpty)
        #expect(flow.stream(from: Self.server).text == "answer")
    }

    @Test("behind a hole that is longer than any window nothing is written")
    func longHole() throws {
        var connection = Self.opened()
        connection.send(Array("before".utf8).span.bytes, Self.fromClient, in: .numbered(4))
        connection.skip(.max, Self.fromClient)
        connection.send(Array("behind".utf8).span.bytes, Self.fromClient, in: .numbered(5))
        connection.end(Self.end, Self.fromClient, in: .numbered(6))
        connection.close()
        let flow = try #require(Self.read(connection).flows.first)
        #expect(flow.stream(from: Self.client).text == "before")
    }

    @Test("for a peer that was not captured nothing is acknowledged")
    func oneSided() throws {
        var connection = Self.opened(oneSided: true)
        for number in 0..<20 {
            let bytes = [UInt8](repeating: UInt8(number), count: 16_384)
            connection.send(bytes.span.bytes, Self.fromClient, in: .numbered(4 + number))
        }
        connection.end(Self.end, Self.fromClient, in: .numbered(40))
        connection.close()
        let sources = connection.packets.compactMap { CapturedPacket($0.bytes, $0.header).segment?.0.source }
        #expect(Set(sources) == [Self.client])
        let flow = try #require(Self.read(connection).flows.first)
        #expect(flow.stream(from: Self.client).bytes.count == 20 * 16_384)
    }

    @Test("a reset by who has ended its direction comes behind that")
    func resetBehindEnd() throws {
        var connection = Self.opened()
        connection.send(Array("last".utf8).span.bytes, Self.fromClient.opposite, in: .numbered(4))
        connection.end(Self.end, Self.fromClient.opposite, in: .numbered(5))
        let reset = DirectionEnd(.reset, isCaptured: false, isBehindHole: false, seen: [.bytes, .end])
        connection.end(reset, Self.fromClient, in: .numbered(6))
        connection.close()
        let segments = connection.packets.compactMap { CapturedPacket($0.bytes, $0.header).segment?.0 }
        #expect(segments.suffix(3).map(\.flags) == [[.fin, .ack], .ack, [.rst, .ack]])
        #expect(segments.last?.source == Self.server && connection.packets.last?.header.number == PacketNumber(6))
        let flow = try #require(Self.read(connection).flows.first)
        #expect(flow.end == .reset && flow.stream(from: Self.server).end == .finished)
    }

    private static let ends: [(DirectionEnd.SeenOfPeer, StreamEnd)] = [
        ([.bytes, .end], .finished), (.bytes, .finished), ([], .finished), ([.bytes, .end], .reset), ([], .reset),
    ]

    @Test("who ends it has seen no more than was seen", arguments: ends)
    func seen(seen: DirectionEnd.SeenOfPeer, reason: StreamEnd) throws {
        var connection = Self.opened()
        connection.send(Array("first".utf8).span.bytes, Self.fromClient, in: .numbered(4))
        connection.send(Array("second".utf8).span.bytes, Self.fromClient.opposite, in: .numbered(5))
        connection.send(Array("last".utf8).span.bytes, Self.fromClient, in: .numbered(6))
        connection.end(Self.end, Self.fromClient, in: .numbered(7))
        connection.end(
            DirectionEnd(reason, isCaptured: true, isBehindHole: false, seen: seen), Self.fromClient.opposite,
            in: .numbered(8))
        let segments = connection.packets.compactMap { CapturedPacket($0.bytes, $0.header).segment?.0 }
        let finish = try #require(segments.last { $0.source == Self.client })
        let end = try #require(segments.last)
        let acknowledged = try #require(end.acknowledged)
        #expect(end.flags.contains(reason == .reset ? .rst : .fin))
        // Behind the FIN, before it, or before the last bytes.
        let expected = seen.contains(.end) ? 1 : seen.contains(.bytes) ? 0 : -4
        #expect(finish.sequenceNumber.distance(to: acknowledged) == expected)
        connection.close()
        let flow = try #require(Self.read(connection).flows.first)
        #expect(flow.end == reason)
    }
}
