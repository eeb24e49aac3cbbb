import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

/// Which process a connection is of, in whatever way its handshake is reported.
@Suite("Processes of connections")
struct ProcessTests {
    private static func opened(from port: UInt16 = 49_152, isn: UInt32 = 1_000) -> Conversation {
        var conversation = Conversation(client: Endpoint("192.0.2.1", port), clientISN: isn)
        conversation.handshake()
        return conversation
    }

    private static func asked(from port: UInt16 = 49_152, isn: UInt32 = 1_000) -> Conversation {
        var conversation = opened(from: port, isn: isn)
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        return conversation
    }

    /// The segments in packets of macOS, of a process with a name of four letters, with others of Ethernet from a place on.
    private static func packets(
        _ segments: [ScriptedSegment], _ name: String = "curl", upTo end: Int = .max
    ) -> [CapturedPacket] {
        zip(segments.packets(.pktap), segments.packets()).enumerated().map { place, packets in
            var named = packets.0
            named.bytes.replaceSubrange(56..<60, with: Array(name.utf8))
            return place < end ? named : packets.1
        }
    }

    /// Counts packets of several conversations anew.
    private static func names(_ packets: [CapturedPacket], _ options: AnalysisOptions = AnalysisOptions()) -> [String?]
    {
        let numbered = packets.enumerated().map { place, packet in
            var packet = packet
            packet.header.number = PacketNumber(UInt64(place) + 1)
            return packet
        }
        return Observed(numbered, options).handshakes.map(\.process?.name)
    }

    private static func later(_ packets: [CapturedPacket], by nanoseconds: Int64) -> [CapturedPacket] {
        packets.map { $0.with(delay: nanoseconds) }
    }

    @Test("that of the request is told though the answer's packet names none")
    func answered() {
        var conversation = Self.asked()
        let asked = conversation.segments.count
        conversation.send(HandshakeBytes().response.bytes, from: .server)
        #expect(Self.names(Self.packets(conversation.segments, upTo: asked)) == ["curl"])
        #expect(Self.names(Self.packets(conversation.segments, upTo: 1)) == [nil])
    }

    @Test("it is told of a request that nobody answers, at the end of the capture and after a long silence")
    func unanswered() {
        let unanswered = Self.packets(Self.asked().segments)
        #expect(Self.names(unanswered) == ["curl"])
        let other = Self.packets(Self.asked(from: 50_000).segments, "node")
        #expect(Self.names(unanswered + other) == ["curl", "node"])
        var options = AnalysisOptions()
        options.streams.idleTime = 60_000_000_000
        #expect(Self.names(unanswered + Self.later(other, by: 3_600_000_000_000), options) == ["curl", "node"])
    }

    @Test("it is told of a connection that makes room for another, and not of the other")
    func evicted() {
        var options = AnalysisOptions()
        options.streams.flows = 1
        let (first, second) = (Self.asked().segments, Self.asked(from: 50_000).segments)
        #expect(Self.names(Self.packets(first) + second.packets(), options) == ["curl", nil])
        #expect(Self.names(first.packets() + Self.packets(second), options) == [nil, "curl"])
    }

    @Test("it is told of a connection that was picked up in the middle")
    func midstream() {
        var conversation = Conversation()
        for text in ["one", "two", "three"] {
            for sender in Sender.allCases { conversation.send(text: text, from: sender) }
        }
        #expect(Self.names(Self.packets(conversation.segments, upTo: 1)) == ["curl"])
        #expect(Self.names(conversation.segments.packets()) == [nil])
    }

    @Test("a connection that takes the ports of another has a process of its own", arguments: [true, false])
    func reopened(isFirstNamed: Bool) {
        let (first, second) = (Self.asked().segments, Self.asked(isn: 900_000).segments)
        let packets =
            isFirstNamed
            ? Self.packets(first) + Self.later(second.packets(), by: 1_000_000_000)
            : first.packets() + Self.later(Self.packets(second), by: 1_000_000_000)
        #expect(Self.names(packets) == (isFirstNamed ? ["curl", nil] : [nil, "curl"]))
    }

    @Test("each of several handshakes in one connection has that of the packets before it")
    func several() {
        var conversation = Self.asked()
        conversation.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", from: .server)
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        let observed = Observed(Self.packets(conversation.segments, upTo: 4))
        #expect(observed.verdicts == [.refused, .unanswered])
        #expect(observed.handshakes.map(\.process?.name) == ["curl", "curl"])
    }

    @Test("it is read of the packet, not of what its fragments are put together to")
    func fragments() {
        var packets: [CapturedPacket] = []
        for segment in Self.asked().segments {
            var fragments = FragmentBytes(segment.tcp)
            (fragments.source, fragments.destination) = (segment.source.address, segment.destination.address)
            fragments.identification = UInt32(packets.count)
            for part in fragments.parts(of: 64) {
                packets.append(
                    CapturedPacket(
                        LinkFraming.pktap.frame(part.bytes, isIPv6: false), .pktap, number: UInt64(packets.count + 1)))
            }
        }
        #expect(Self.names(packets) == ["curl"])
    }

    @Test("whoever reads the capture may name it")
    func named() {
        var analyzer = Analyzer()
        for packet in Self.asked().segments.packets() {
            analyzer.receive(
                packet.header, packet.bytes.span.bytes, of: CapturedProcess(name: "Safari", identifier: 7))
        }
        analyzer.finish()
        var observations = Observations()
        analyzer.takeObservations(into: &observations)
        let processes = observations.all.compactMap { observation in
            if case .handshake(let handshake) = observation { handshake.process } else { nil }
        }
        #expect(processes == [CapturedProcess(name: "Safari", identifier: 7)])
    }
}
