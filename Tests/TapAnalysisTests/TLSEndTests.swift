import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("How connections of TLS end")
struct TLSEndTests {
    private static let session = TLSReadingTests.session

    // MARK: Alerts without keys

    private static let changeCipherSpec: [UInt8] = [20, 3, 3, 0, 1, 1]
    private static let unknownCA: [UInt8] = [21, 3, 3, 0, 2, 2, 48]

    private static func encrypted(_ count: Int) -> [UInt8] {
        [23, 3, 3] + bigEndian(UInt16(count)) + SeededGenerator.bytes(count, seed: count)
    }

    /// What a client sends when the server has answered, in segments, and what of that is an alert.
    private static let answers: [(name: String, segments: [[UInt8]], alert: String?)] = [
        ("in the clear", [unknownCA], "unknown_ca"),
        ("behind what means nothing", [changeCipherSpec + unknownCA], "unknown_ca"),
        ("behind what means nothing, by itself", [changeCipherSpec, unknownCA], "unknown_ca"),
        ("encrypted", [changeCipherSpec + encrypted(19)], "encrypted"),
        ("encrypted, in a segment of its own", [changeCipherSpec, encrypted(19)], "encrypted"),
        ("the end of a handshake", [changeCipherSpec + encrypted(53)], nil),
        ("an alert behind the end of a handshake", [changeCipherSpec + encrypted(53), encrypted(19)], nil),
        ("a warning", [[21, 3, 3, 0, 2, 1, 90], encrypted(19)], nil),
        ("nothing", [], nil),
        ("other than TLS", [[UInt8]("something else".utf8)], nil),
    ]

    private static func conversation(_ segments: [[UInt8]], hello: [UInt8] = session.clientHello) -> Conversation {
        var conversation = Conversation.opened
        conversation.send(hello, from: .client)
        conversation.send(session.serverHello, from: .server)
        for count in [200, 900] { conversation.send(encrypted(count), from: .server) }
        for segment in segments { conversation.send(segment, from: .client) }
        conversation.finish()
        return conversation
    }

    private static func alert(_ unread: UnreadTLS?) -> String? {
        unread?.alert.map { $0.description ?? "encrypted" }
    }

    /// Without keys, and where keys could have come.
    private static var waysWithoutKeys: [AnalysisOptions] {
        var patient = AnalysisOptions()
        patient.tls.secretsMayCome = true
        return [AnalysisOptions(), patient]
    }

    @Test("without keys an alert of the client is told as far as it can be read", arguments: answers.indices)
    func alerts(index: Int) throws {
        let (name, segments, expected) = Self.answers[index]
        for options in Self.waysWithoutKeys where name != "a warning" || !options.tls.secretsMayCome {
            let observed = Observed(Self.conversation(segments), options)
            let unread = try #require(observed.unread.first)
            #expect(observed.unread.count == 1 && Self.alert(unread) == expected, "\(name)")
            #expect(unread.alert.map { $0.sender == .client } ?? true)
            let isClear = expected != nil && expected != "encrypted"
            #expect(unread.reason == (isClear ? nil : .noKey))
            #expect(unread.tls.serverName == "tls.example" && unread.packet == PacketNumber(4))
            let totals = observed.summary.tls
            #expect(totals.connections == 1 && totals.failed == (isClear ? 1 : 0))
            #expect(totals.unread == (isClear ? [:] : [.noKey: 1]) && observed.summary.unread.tlsConnections == 1)
        }
    }

    @Test("nothing is concluded where what came before it may be missing, and nothing changes by what came again")
    func loss() throws {
        for options in Self.waysWithoutKeys {
            var segments = Self.conversation([Self.changeCipherSpec, Self.encrypted(19)]).segments
            let places = segments.indices.filter { segments[$0].sender == .client && !segments[$0].payload.isEmpty }
            segments.insert(segments[places[0]], at: places[1])
            #expect(Self.alert(Observed(segments, options).unread.first) == "encrypted")
            segments.remove(at: places[1] + 1)
            #expect(Self.alert(Observed(segments, options).unread.first) == nil)
        }
    }

    @Test("early data may be as short as an alert")
    func earlyData() throws {
        var hello = Self.session.clientHello
        // An extension of no content, and the three lengths around it.
        hello += [0, 42, 0, 0]
        hello[4] += 4
        hello[8] += 4
        let extensions = 5 + 4 + 2 + 32 + 1 + 4 + 2
        hello[extensions + 1] += 4
        for options in Self.waysWithoutKeys {
            let ended = Observed(Self.conversation([Self.encrypted(19)], hello: hello), options)
            #expect(ended.unread.count == 1 && Self.alert(ended.unread.first) == nil)
            let refused = Observed(Self.conversation([Self.unknownCA], hello: hello), options)
            #expect(Self.alert(refused.unread.first) == "unknown_ca")
        }
    }

    // MARK: What was lost of a handshake

    /// A request that is refused, behind the end of the handshake, whose segment comes first.
    private static func refusal(requests: Int) throws -> (segments: [ScriptedSegment], ofClient: [Int]) {
        let sealers = (client: session.sealer(ofClient: true), server: session.sealer(ofClient: false))
        var conversation = Conversation.opened
        conversation.send(session.clientHello, from: .client)
        conversation.send(session.serverHello, from: .server)
        conversation.send(encrypted(53), from: .client)
        for number in 0..<requests {
            let request = HandshakeBytes(target: "/\(number)").request.bytes
            conversation.send(sealers.client.record(UInt64(number), request), from: .client, isAcknowledged: false)
        }
        let answer = Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8)
        conversation.send(sealers.server.record(0, answer), from: .server)
        conversation.finish()
        let segments = conversation.segments
        let places = segments.indices.filter { segments[$0].sender == .client && !segments[$0].payload.isEmpty }
        return (segments, Array(places.dropFirst()))
    }

    @Test("of data nothing is missing where the end of the handshake is")
    func handshakeEnd() throws {
        var (segments, places) = try Self.refusal(requests: 1)
        segments.remove(at: places[0])
        let observed = Observed(segments, TLSReadingTests.options(AnalysisOptions()))
        #expect(observed.verdicts == [.refused] && observed.ids == [.handshakeRefused])
    }

    @Test("which of two requests was answered is not known where the first one is missing")
    func requestBehindHole() throws {
        var (segments, places) = try Self.refusal(requests: 2)
        segments.remove(at: places[1])
        segments.remove(at: places[0])
        let observed = Observed(segments, TLSReadingTests.options(AnalysisOptions()))
        #expect(observed.handshakes.count == 1 && !observed.ids.contains(.handshakeUnanswered))
    }

    // MARK: Without TLS

    enum Ending: CaseIterable {
        /// The other peer answers, and is the first to end TCP.
        case answered
        case finishedFirst
        case reset
        case resetByOther
        case open
        /// The other peer goes on talking.
        case talkingOn
    }

    @Test("who ends TLS ends what is written without it", arguments: Sender.allCases, Ending.allCases)
    func written(closer: Sender, ending: Ending) throws {
        var inner = Conversation.opened
        inner.upgrade(HandshakeBytes())
        for sender in Sender.allCases { inner.send(text: "hello", from: sender) }
        let secured = try #require(inner.segments.secured(by: Self.session))
        var outer = Conversation.opened
        var numbers: [Sender: UInt64] = [:]
        for segment in secured where segment.flags.isDisjoint(with: .syn) && !segment.payload.isEmpty {
            outer.send(segment.payload, from: segment.sender)
            if segment.payload[0] == 23 { numbers[segment.sender, default: 0] += 1 }
        }
        func say(_ plain: [UInt8], _ type: UInt8, _ sender: Sender) {
            let sealer = Self.session.sealer(ofClient: sender == .client)
            outer.send(sealer.record(numbers[sender, default: 0], plain, type: type), from: sender)
            numbers[sender, default: 0] += 1
        }
        say([1, 0], 21, closer)
        switch ending {
        case .answered:
            say([1, 0], 21, closer.peer)
            outer.finish(closer.peer)
            outer.finish(closer)
        case .finishedFirst:
            outer.finish(closer)
            outer.finish(closer.peer)
        case .reset: outer.reset(from: closer)
        case .resetByOther: outer.reset(from: closer.peer)
        case .open: break
        case .talkingOn:
            say(FrameBytes(text: "more").sent(by: closer.peer).bytes, 23, closer.peer)
            outer.finish(closer.peer)
            outer.finish(closer)
        }
        let options = TLSReadingTests.options(AnalysisOptions())
        let packets = outer.segments.packets()
        let original = Observed(packets, options)
        let plain = PlainPacketsTests.written(packets, options)
        let (before, after) = (
            try #require(original.connections.first?.close), try #require(plain.connections.first?.close)
        )
        #expect(before.initiator == closer && before.sign == .closeNotify)
        #expect(after.initiator == closer && after.sign == .fin)
        #expect(after.endedBy == before.endedBy && after.outcome == before.outcome)
        #expect(after.idleTime == before.idleTime)
        #expect(plain.lines == original.lines && plain.ids == original.ids)
    }
}
