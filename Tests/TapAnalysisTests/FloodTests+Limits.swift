import TapAnalysis
import TapCore
import TapHTTP
import TapTestSupport
import TapWebSocket
import Testing

extension FloodTests {
    private static let refusal = Array("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".utf8)

    /// The most that the analysis says of one packet, and how much of payloads with it.
    private func largestBatch(_ packets: [CapturedPacket], _ options: AnalysisOptions = AnalysisOptions())
        -> (count: Int, payload: Int)
    {
        var analyzer = Analyzer(options: options)
        var batch = Observations()
        var largest = (count: 0, payload: 0)
        for packet in packets {
            analyzer.receive(packet.header, packet.bytes.span.bytes)
            analyzer.takeObservations(into: &batch)
            let payload = batch.all.reduce(0) { sum, observation in
                switch observation {
                case .frame(let frame): sum + frame.payload.count + frame.inflated.count
                case .message(let message): sum + message.payload.count
                case .handshake, .finding, .connection, .tls: sum
                }
            }
            largest = (max(largest.count, batch.all.count), max(largest.payload, payload))
        }
        return largest
    }

    @Test("of a packet that completes very many frames, only so many are told, and that is said")
    func fullPacket() {
        var conversation = Conversation.upgraded()
        let frames = [FrameBytes](repeating: FrameBytes(.binary, [1]), count: 1_000)
        conversation.send(frames.flatMap(\.bytes), from: .server, segmentSize: 3_000)
        conversation.send(text: "after", from: .server)
        var options = AnalysisOptions()
        options.observationsPerPacket = 100
        let observed = Observed(conversation, options)
        #expect(observed.frames.count == 101 && observed.texts.last == "after")
        #expect(observed.frames.last?.number == 1_001 && observed.summary.frames == 1_001)
        #expect(observed.ids == [.captureLimitReached])
        #expect(observed.summary.findings == [.captureLimitReached: 1])
        let largest = largestBatch(conversation.segments.packets(), options)
        #expect(largest.count == 101 && largest.payload == 100)
    }

    @Test("what earlier packets brought does not count, whenever observations are taken")
    func untakenPackets() {
        var conversation = Conversation.upgraded()
        for _ in 0..<50 { conversation.send(text: "ten bytes!", from: .server) }
        var options = AnalysisOptions()
        (options.observationsPerPacket, options.payloadPerPacket) = (10, 10)
        var analyzer = Analyzer(options: options)
        for packet in conversation.segments.packets() { analyzer.receive(packet.header, packet.bytes.span.bytes) }
        analyzer.finish()
        var all = Observations()
        analyzer.takeObservations(into: &all)
        var texts: [String] = []
        for case .frame(let frame) in all.all { texts.append(String(decoding: all.payload(of: frame), as: UTF8.self)) }
        #expect(texts == [String](repeating: "ten bytes!", count: 50))
        #expect(analyzer.summary.findings[.captureLimitReached] == nil)
    }

    @Test("of what one packet inflates to, only so much is kept")
    func inflatedPacket() {
        var conversation = Conversation.upgraded(extensions: "permessage-deflate; server_no_context_takeover")
        let zeros = Deflater().message([UInt8](repeating: 0, count: 200_000))
        let frames = [FrameBytes](repeating: FrameBytes(.binary, zeros).compressed, count: 100)
        conversation.send(frames.flatMap(\.bytes), from: .server, segmentSize: 60_000)
        var options = AnalysisOptions()
        options.observesMessages = true
        options.payloadPerPacket = 1 << 20
        #expect(largestBatch(conversation.segments.packets(), options).payload <= 1 << 20)
        #expect(Observed(conversation, options).summary.messages == 100)
    }

    @Test("a handshake's findings count among those of its connection")
    func handshakeFindings() {
        var handshake = HandshakeBytes()
        handshake.request.set("Host", to: nil)
        handshake.request.set("Sec-WebSocket-Version", to: "12")
        var conversation = Conversation.upgraded(handshake)
        for _ in 0..<5 { conversation.send(FrameBytes(text: "bare").bytes, from: .client) }
        var options = AnalysisOptions()
        options.findingsPerConnection = 4
        let observed = Observed(conversation, options)
        #expect(
            observed.ids == [
                .requestHostMissing, .requestVersionUnsupported, .frameClientUnmasked, .frameClientUnmasked,
            ])
        #expect(observed.summary.findings[.frameClientUnmasked] == 5)
        options.findingsPerConnection = 1
        #expect(Observed(conversation, options).ids == [.requestHostMissing])
    }

    @Test("a thousand wrong names in a handshake are told sixteen times")
    func wrongNames() {
        var handshake = HandshakeBytes(protocols: "a", chosenProtocol: "b")
        for number in 0..<1_000 {
            handshake.response.add("Sec-WebSocket-Protocol", "p\(number)")
            handshake.response.add("Sec-WebSocket-Extensions", "e\(number), e\(number)")
            handshake.request.add("Sec-WebSocket-Extensions", "permessage-deflate; x\(number)")
        }
        let ids = Observed(Conversation.upgraded(handshake)).ids
        for id in [FindingID.responseProtocolNotOffered, .responseExtensionNotOffered, .requestDeflateInvalid] {
            #expect(ids.count { $0 == id } == 16)
        }
    }

    enum HTTPFlood: CaseIterable {
        case requests
        case upgrades
        case connects
        case longHead
        case shortFields
        case offers
        case emptyLines
        case chunks
        case interim

        /// What the client sends, then the server.
        func turns(_ count: Int) -> [(Sender, [UInt8])] {
            let upgrade = HandshakeBytes().request.bytes
            let repeated = { (text: String) in Array(String(repeating: text, count: count).utf8) }
            switch self {
            case .requests: return [(.client, repeated("GET / HTTP/1.1\r\n\r\n"))]
            case .upgrades:
                let asked = min(count, 300)
                let round: [(Sender, [UInt8])] = [
                    (.client, Array((0..<asked).map { _ in upgrade }.joined())),
                    (.server, Array((0..<asked).map { _ in FloodTests.refusal }.joined())),
                ]
                return Array((0..<count / asked).map { _ in round }.joined())
            case .connects:
                return (0..<count / 10).flatMap { _ -> [(Sender, [UInt8])] in
                    [
                        (.client, Array("CONNECT a:1 HTTP/1.1\r\n\r\n".utf8)),
                        (.server, Array("HTTP/1.1 200 \r\n\r\n".utf8)),
                    ]
                }
            case .longHead: return [(.client, Array("GET / HTTP/1.1\r\n".utf8) + repeated("A: 0123456789\r\n"))]
            case .shortFields: return [(.client, Array("GET / HTTP/1.1\r\n".utf8) + repeated("a:\r\n"))]
            case .offers:
                let names = (0..<count / 3).map { "n\($0 % 9_000)" }.joined(separator: ",")
                let field = "Sec-WebSocket-Extensions: \(names)\r\nSec-WebSocket-Protocol: \(names)\r\n\r\n"
                let ends = (upgrade.dropLast(2), HandshakeBytes().response.bytes.dropLast(2))
                return [(.client, ends.0 + Array(field.utf8)), (.server, ends.1 + Array(field.utf8))]
            case .emptyLines: return [(.client, repeated("\r\n\r\n\r\n"))]
            case .chunks:
                let start = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                return [(.client, Array(start.utf8) + repeated("1;a=b\r\nx\r\n"))]
            case .interim:
                return [(.client, upgrade), (.server, repeated("HTTP/1.1 100 Continue\r\n\r\n"))]
            }
        }

        func packets(_ count: Int) -> [CapturedPacket] {
            var conversation = Conversation.opened
            for (sender, bytes) in turns(count) { conversation.send(bytes, from: sender, segmentSize: 1_400) }
            return conversation.segments.packets()
        }
    }

    @Test("the time for any flood of HTTP grows with its length, no faster", arguments: HTTPFlood.allCases)
    func linear(flood: HTTPFlood) {
        var options = AnalysisOptions()
        options.headLimit = 4_096
        let short = FloodTests.time(flood.packets(5_000), options)
        let long = FloodTests.time(flood.packets(20_000), options)
        #expect(long < short * 16 + .milliseconds(50), "\(short) for 5,000, \(long) for 20,000")
    }

    @Test("upgrade requests that wait hold no more memory than their limit, many short fields counted")
    func waitingUpgrades() {
        var options = AnalysisOptions()
        options.heldHTTPLimit = 1 << 20
        var handshake = HandshakeBytes()
        for _ in 0..<1_000 { handshake.request.add("a", "") }
        let observed = Observed(FloodTests.flood(100, [.syn], payload: handshake.request.bytes), options)
        #expect(observed.summary.flowsGivenUp > 80)
        #expect(observed.handshakes.count == 100)
    }
}
