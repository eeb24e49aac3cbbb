import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Names of connections")
struct ConnectionIDTests {
    private static let (client, server) = (Endpoint("192.0.2.1", 49_152), Endpoint("198.51.100.2", 80))

    private static func talk(_ client: Endpoint = client, isn: UInt32 = 1_000) -> [ScriptedSegment] {
        var conversation = Conversation(client: client, server: server, clientISN: isn)
        let handshake = HandshakeBytes()
        conversation.handshake()
        conversation.send(handshake.request.bytes, from: .client)
        conversation.send(handshake.response.bytes, from: .server)
        for sender in Sender.allCases { conversation.send(text: "one", from: sender) }
        conversation.send(FrameBytes(.ping), from: .client)
        conversation.finish()
        return conversation.segments
    }

    private static func ids(_ observed: Observed) -> [ConnectionID] { observed.handshakes.map(\.connectionID) }

    @Test("stand in all that is observed of one")
    func everywhere() throws {
        let observed = Observed(Self.talk())
        let id = try #require(observed.handshakes.first?.connectionID)
        #expect(observed.frames.map(\.connectionID) == [id, id, id])
        #expect(!observed.findings.isEmpty)
        #expect(observed.findings.allSatisfy { $0.connectionID == id })
        #expect(observed.connections.map(\.id) == [id])
        var options = AnalysisOptions()
        options.observesMessages = true
        let messages = Observed(Self.talk(), options)
        #expect(messages.messages.map(\.connectionID) == [id, id])
        #expect(id.description.count == 16)
        #expect(UInt64(id.description, radix: 16) == id.rawValue)
    }

    @Test("do not depend on what else the capture holds")
    func alone() {
        let alone = Self.ids(Observed(Self.talk()))
        let others = (1..<30).flatMap { Self.talk(Endpoint("192.0.2.1", 40_000 + UInt16($0))).packets() }
        let among = Self.ids(Observed(others + Self.talk().packets()))
        #expect(among.count == 30)
        #expect(Set(among).count == 30)
        #expect(among.suffix(1) == alone[...])
    }

    @Test("differ with the endpoints, the network, the time, the sequence number and the handshake")
    func differences() {
        let usual = Self.talk().packets()
        let rows = [
            usual, usual.map { $0.tagged(10) }, usual.map { $0.tagged(20) }, usual.map { $0.with(delay: 1) },
            Self.talk(isn: 1_001).packets(), Self.talk(Endpoint("192.0.2.1", 49_153)).packets(),
            Self.talk(Endpoint("192.0.2.9", 49_152)).packets(),
        ]
        #expect(Set(rows.flatMap { Self.ids(Observed($0)) }).count == rows.count)
        let flow = FlowIdentity(FlowKey(Self.client, Self.server))
        #expect(Set((1...100).map { ConnectionID(flow, exchange: $0) }).count == 100)
        #expect(
            ConnectionID(flow, exchange: 1)
                == ConnectionID(FlowIdentity(FlowKey(Self.server, Self.client)), exchange: 1))
    }

    @Test("of two handshakes on one TCP connection differ")
    func retry() {
        var conversation = Conversation(client: Self.client, server: Self.server, clientISN: 1_000)
        let handshake = HandshakeBytes()
        conversation.handshake()
        conversation.send(handshake.request.bytes, from: .client)
        conversation.send(Array("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n".utf8), from: .server)
        conversation.send(handshake.request.bytes, from: .client)
        conversation.send(handshake.response.bytes, from: .server)
        let observed = Observed(conversation)
        #expect(observed.handshakes.map(\.verdict) == [.refused, .valid])
        #expect(Set(Self.ids(observed)).count == 2)
    }
}
