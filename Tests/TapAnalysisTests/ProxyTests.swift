import TapAnalysis
import TapCore
import TapHTTP
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Proxies before the upgrade")
struct ProxyTests {
    struct Preamble: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let bytes: [UInt8]
        let client: String?
    }

    static let preambles = [
        Preamble(
            testDescription: "a line", bytes: ProxyBytes.line("TCP4 203.0.113.7 192.0.2.1 56324 443"),
            client: "203.0.113.7:56324"),
        Preamble(
            testDescription: "a line of IPv6", bytes: ProxyBytes.line("TCP6 2001:db8::1 2001:db8::2 56324 443"),
            client: "[2001:db8::1]:56324"),
        Preamble(testDescription: "a line without addresses", bytes: ProxyBytes.line("UNKNOWN"), client: nil),
        Preamble(
            testDescription: "a block", bytes: ProxyBytes.block(family: 0x11, ProxyBytes.internet),
            client: "203.0.113.7:56324"),
        Preamble(
            testDescription: "a block that is the proxy's own",
            bytes: ProxyBytes.block(command: 0x20, family: 0x11, ProxyBytes.internet), client: nil),
        Preamble(
            testDescription: "sockets of Unix",
            bytes: ProxyBytes.block(family: 0x31, ProxyBytes.path("/a") + ProxyBytes.path("/b")), client: nil),
    ]

    @Test("what a proxy says before the request is told with the handshake", arguments: preambles, [1, 13, 1_460])
    func preamble(_ preamble: Preamble, segmentSize: Int) throws {
        var conversation = Conversation.opened
        conversation.send(
            preamble.bytes + HandshakeBytes().request.bytes, from: .client, segmentSize: segmentSize)
        conversation.send(HandshakeBytes().response.bytes, from: .server, segmentSize: segmentSize)
        conversation.send(text: "in", from: .client)
        let observed = Observed(conversation)
        let handshake = try #require(observed.handshakes.first)
        #expect(observed.verdicts == [.valid] && observed.texts == ["in"] && observed.ids == [])
        let proxy = try #require(handshake.proxy)
        #expect(proxy.client?.description == preamble.client && (proxy.server == nil) == (preamble.client == nil))
    }

    @Test("what a client of SOCKS asked for is told with the handshake", arguments: [1, 5, 1_460])
    func socks(segmentSize: Int) throws {
        let asked: [UInt8] = [5, 1, 0, 3, 6] + Array("a.test".utf8) + [0, 80]
        var conversation = self.conversation(
            [
                (.client, [5, 1, 2]), (.server, [5, 2]), (.client, [1, 1, 0x75, 1, 0x70]), (.server, [1, 0]),
                (.client, asked), (.server, [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
                (.client, Self.inner.request.bytes), (.server, Self.inner.response.bytes),
            ], segmentSize: segmentSize)
        conversation.send(text: "in", from: .client)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.valid] && observed.texts == ["in"] && observed.ids == [])
        #expect(observed.handshakes.first?.proxy == ProxyHeader(version: 5, addresses: .requested("a.test", port: 80)))
    }

    @Test("the process that macOS notes beside a packet is told with the handshake, and only there")
    func process() {
        for (framing, name) in [(LinkFraming.pktap, "curl"), (.ethernet, nil), (.pktapUser, "curl")] {
            let packets = Conversation.upgraded().segments.packets(framing)
            let process = Observed(packets).handshakes.first?.process
            #expect(process?.name == name && process?.identifier == name.map { _ in 501 })
        }
    }

    @Test("the process of one connection is not that of another which makes room for it")
    func otherProcess() {
        var silent = Conversation(client: Endpoint("192.0.2.1", 40_001), server: Endpoint("198.51.100.2", 80))
        silent.handshake()
        silent.send(Self.inner.request.bytes, from: .client)
        var options = AnalysisOptions()
        options.streams.flows = 1
        let packets = silent.segments.packets() + Conversation.upgraded().segments.packets(.pktap)
        let handshakes = Observed(packets, options).handshakes
        #expect(handshakes.map(\.verdict) == [.unanswered, .valid])
        #expect(handshakes.map(\.process?.name) == [nil, "curl"])
    }

    @Test("a handshake without it says nothing of a proxy")
    func none() { #expect(Observed(Conversation.upgraded()).handshakes.first?.proxy == nil) }

    private static let connect = "CONNECT a.example:80 HTTP/1.1\r\nHost: a.example:80\r\n\r\n"
    private static let established = "HTTP/1.1 200 Connection established\r\nContent-Length: 7\r\n\r\n"
    private static let inner = HandshakeBytes()

    /// What each side sends, in turn.
    private func conversation(_ turns: [(Sender, [UInt8])], segmentSize: Int = 1_460) -> Conversation {
        var conversation = Conversation.opened
        for (sender, bytes) in turns { conversation.send(bytes, from: sender, segmentSize: segmentSize) }
        return conversation
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static let frames = (
        client: FrameBytes(text: "up").sent(by: .client).bytes, server: FrameBytes(text: "down").bytes
    )

    @Test("a WebSocket in a tunnel is found, wherever segments end", arguments: [1, 7, 1_460])
    func tunnel(segmentSize: Int) {
        let turns: [(Sender, [UInt8])] = [
            (.client, Self.bytes(Self.connect)), (.server, Self.bytes(Self.established)),
            (.client, Self.inner.request.bytes), (.server, Self.inner.response.bytes + Self.frames.server),
            (.client, Self.frames.client),
        ]
        let observed = Observed(conversation(turns, segmentSize: segmentSize))
        #expect(observed.verdicts == [.valid] && observed.texts == ["down", "up"] && observed.ids == [])
    }

    @Test("a client may send what goes into the tunnel before it is there", arguments: [1, 7, 1_460])
    func hasty(segmentSize: Int) {
        let turns: [(Sender, [UInt8])] = [
            (.client, Self.bytes(Self.connect) + Self.inner.request.bytes), (.server, Self.bytes(Self.established)),
            (.server, Self.inner.response.bytes), (.client, Self.frames.client),
        ]
        let observed = Observed(conversation(turns, segmentSize: segmentSize))
        #expect(observed.verdicts == [.valid] && observed.texts == ["up"] && observed.ids == [])
    }

    @Test("a proxy that wants a password first, and a tunnel in a tunnel")
    func repeated() {
        let turns: [(Sender, [UInt8])] = [
            (.client, Self.bytes(Self.connect)),
            (.server, Self.bytes("HTTP/1.1 407 Who?\r\nContent-Length: 12\r\n\r\nHTTP/1.1 200")),
            (.client, Self.bytes(Self.connect)), (.server, Self.bytes(Self.established)),
            (.client, Self.bytes(Self.connect)), (.server, Self.bytes(Self.established)),
            (.client, ProxyBytes.line("UNKNOWN") + Self.inner.request.bytes), (.server, Self.inner.response.bytes),
            (.client, Self.frames.client),
        ]
        let observed = Observed(conversation(turns))
        #expect(observed.verdicts == [.valid] && observed.texts == ["up"])
    }

    @Test("what is refused a tunnel is HTTP still")
    func refusedTunnel() {
        let turns: [(Sender, [UInt8])] = [
            (.client, Self.bytes(Self.connect) + Self.inner.request.bytes),
            (.server, Self.bytes("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n") + Self.inner.response.bytes),
            (.client, Self.frames.client),
        ]
        let observed = Observed(conversation(turns))
        #expect(observed.verdicts == [.valid] && observed.texts == ["up"])
    }

    @Test(
        "anything else in a tunnel is of no interest", arguments: [[0x16, 3, 1, 2, 0, 1], Array("SSH-2.0-a\r\n".utf8)])
    func otherTunnel(bytes: [UInt8]) {
        let turns: [(Sender, [UInt8])] = [
            (.client, Self.bytes(Self.connect)), (.server, Self.bytes(Self.established)), (.client, bytes),
            (.server, bytes), (.client, Self.inner.request.bytes), (.server, Self.inner.response.bytes),
        ]
        #expect(Observed(conversation(turns)).handshakes.isEmpty)
    }

    @Test("of a tunnel of which only the client was captured, the request inside is found")
    func oneSidedTunnel() {
        let turns: [(Sender, [UInt8])] = [
            (.client, Self.bytes(Self.connect)), (.client, Self.inner.request.bytes), (.client, Self.frames.client),
        ]
        var conversation = conversation(turns)
        conversation.segments.removeAll { $0.sender == .server }
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.unverifiable] && observed.texts == ["up"])
    }

    @Test("a target in absolute form is that of a handshake", arguments: ["http", "https"])
    func absolute(scheme: String) {
        var handshake = HandshakeBytes(target: "\(scheme)://server.example.com/chat")
        #expect(Observed(Conversation.upgraded(handshake)).verdicts == [.valid])
        handshake.request.set("Host", to: nil)
        #expect(Observed(Conversation.upgraded(handshake)).ids == [.requestHostMissing])
    }

    @Test("so is one with the scheme of WebSocket, which a request must not have", arguments: ["ws", "wss"])
    func absoluteWebSocket(scheme: String) {
        var handshake = HandshakeBytes(target: "\(scheme)://server.example.com/chat")
        let observed = Observed(Conversation.upgraded(handshake))
        #expect(observed.verdicts == [.invalid] && observed.ids == [.requestTargetInvalid])
        handshake.request.set("Host", to: nil)
        #expect(Observed(Conversation.upgraded(handshake)).ids == [.requestTargetInvalid, .requestHostMissing])
    }
}
