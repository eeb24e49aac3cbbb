import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Connections of TLS are counted")
struct TLSTests {
    private static func record(_ type: UInt8, _ content: [UInt8], version: UInt8 = 3) -> [UInt8] {
        [type, 3, version] + bigEndian(UInt16(content.count)) + content
    }

    private static let clientHello = record(22, [1, 0, 0, 60] + [UInt8](repeating: 7, count: 60), version: 1)
    private static let serverHello = record(22, [2, 0, 0, 40] + [UInt8](repeating: 9, count: 40))

    private static func data(_ count: Int, _ seed: Int) -> [UInt8] {
        record(23, SeededGenerator.bytes(count, seed: seed))
    }

    private static func count(_ conversation: Conversation) -> Int { count(conversation.segments) }

    private static func count(_ segments: [ScriptedSegment]) -> Int {
        let observed = Observed(segments)
        #expect(observed.summary.connections == 0 && observed.findings.isEmpty)
        return observed.summary.unread.tlsConnections
    }

    private static func whole(segmentSize: Int = 1_460) -> Conversation {
        var conversation = Conversation.opened
        conversation.send(clientHello, from: .client, segmentSize: segmentSize)
        conversation.send(serverHello, from: .server, segmentSize: segmentSize)
        for seed in 1...4 {
            conversation.send(data(300, seed), from: .client, segmentSize: segmentSize)
            conversation.send(data(300, -seed), from: .server, segmentSize: segmentSize)
        }
        conversation.finish()
        return conversation
    }

    @Test("wherever segments end", arguments: [1, 2, 3, 5, 6, 7, 40, 1_460])
    func beginnings(segmentSize: Int) {
        #expect(TLSTests.count(TLSTests.whole(segmentSize: segmentSize)) == 1)
    }

    @Test("where one direction was captured", arguments: Sender.allCases)
    func oneSided(sender: Sender) {
        #expect(TLSTests.count(TLSTests.whole().segments.filter { $0.sender == sender }) == 1)
    }

    @Test("inside a proxy's tunnel")
    func proxied() {
        var conversation = Conversation.opened
        conversation.send("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", from: .client)
        conversation.send("HTTP/1.1 200 OK\r\n\r\n", from: .server)
        conversation.send(TLSTests.clientHello, from: .client)
        conversation.send(TLSTests.serverHello, from: .server)
        #expect(TLSTests.count(conversation) == 1)
    }

    @Test("behind a PROXY header")
    func behindProxyHeader() {
        var conversation = Conversation.opened
        conversation.send("PROXY TCP4 192.0.2.9 198.51.100.2 5000 443\r\n", from: .client)
        conversation.send(TLSTests.clientHello, from: .client)
        #expect(TLSTests.count(conversation) == 1)
    }

    @Test("from the middle, by two segments that begin with records", arguments: [0, 7, 9, 11])
    func middle(dropped: Int) {
        #expect(TLSTests.count(Array(TLSTests.whole().segments.dropFirst(dropped))) == 1)
    }

    @Test("from the middle, where records are longer than segments")
    func longRecords() {
        var conversation = Conversation()
        for seed in 1...3 { conversation.send(TLSTests.data(16_384, seed), from: .server) }
        #expect(TLSTests.count(conversation) == 1)
    }

    static let others: [(String, [[UInt8]])] = [
        ("another handshake message", [record(22, [7] + [UInt8](repeating: 0, count: 50))]),
        ("another version", [[22, 4, 1, 0, 60, 1] + [UInt8](repeating: 7, count: 60)]),
        ("a record that is too long", [[22, 3, 1, 0x50, 0, 1] + [UInt8](repeating: 7, count: 60)]),
        ("a single byte", [[22]]), ("a protocol of its own", [[22, 0, 0, 0, 1, 2, 3], [23, 0, 0, 0, 1, 2, 3]]),
    ]

    @Test("but nothing that only begins alike", arguments: others.indices)
    func alike(index: Int) {
        let (name, pieces) = TLSTests.others[index]
        var conversation = Conversation.opened
        for piece in pieces { conversation.send(piece, from: .client) }
        #expect(TLSTests.count(conversation) == 0, "\(name)")
    }

    @Test("from the middle, one segment is not enough, nor are records that something else follows")
    func single() {
        var conversation = Conversation()
        conversation.send(TLSTests.data(300, 1) + TLSTests.data(200, 2), from: .server)
        conversation.send([UInt8](repeating: 0x7F, count: 300), from: .server)
        #expect(TLSTests.count(conversation) == 0)
        for seed in 3...9 { conversation.send(TLSTests.data(20, seed) + [23, 3, 9, 0, 1, 0], from: .client) }
        #expect(TLSTests.count(conversation) == 0)
        conversation.send(TLSTests.data(300, 10), from: .server)
        #expect(TLSTests.count(conversation) == 1)
    }

    @Test("frames whose payload is TLS are WebSocket, though it has segments of its own")
    func inside() {
        var conversation = Conversation()
        for seed in 1...4 {
            for sender in [Sender.client, .server] {
                let frame = FrameBytes(.binary, TLSTests.data(300, sender == .client ? seed : -seed))
                let key: UInt32? = sender == .client ? 0 : nil
                let bytes = frame.with { $0.maskingKey = key }.sent(by: sender).bytes
                let header = bytes.count - frame.payload.count
                conversation.send(Array(bytes[..<header]), from: sender)
                conversation.send(Array(bytes[header...]), from: sender)
            }
            conversation.send(FrameBytes(text: "still here \(seed)"), from: .client)
        }
        let observed = Observed(conversation)
        #expect(observed.summary.unread.tlsConnections == 0 && observed.verdicts == [.midstream])
    }
}
