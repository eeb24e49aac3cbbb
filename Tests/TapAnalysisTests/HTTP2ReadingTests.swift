import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("WebSocket in a stream of HTTP/2 is read as in a connection of its own")
struct HTTP2ReadingTests {
    /// Findings about heads of HTTP/1.1, segments and packets, of which there are others in a stream, and those that take so many
    /// packets' time.
    private static func isOfTransport(_ id: FindingID) -> Bool {
        id == .applicationSlow || id == .applicationUnanswered
            || ["tcp", "capture", "ip", "http", "h2", "request", "response", "handshake"].contains(id.family.rawValue)
    }

    static let samples = FindingTests.samples.filter { sample in
        sample.packets == nil && sample.conversation.segments.multiplexed() != nil
            && !sample.expected.contains { isOfTransport($0.id) }
    }

    @Test("all that is found, wherever frames of DATA end", arguments: samples, [1, 7, 16_384])
    func findings(sample: FindingSample, size: Int) throws {
        let plain = Observed(sample.conversation.segments, sample.options)
        let carried = Observed(try #require(sample.conversation.segments.multiplexed(size: size)), sample.options)
        #expect(carried.seen == plain.seen)
        #expect(carried.ids == plain.ids)
        #expect(carried.verdicts == [.valid])
        #expect(carried.messagePayloads == plain.messagePayloads)
        #expect(carried.connections.map(\.close.body) == plain.connections.map(\.close.body))
        #expect(carried.connections.map(\.close.isClean) == plain.connections.map(\.close.isClean))
        #expect(carried.connections.map(\.close.initiator) == plain.connections.map(\.close.initiator))
        #expect(carried.handshakes.map(\.stream) == [TunnelStream(.h2c, 1)])
        #expect(carried.connections.map(\.stream) == [TunnelStream(.h2c, 1)])
        #expect(carried.summary.http2.connections == 1 && carried.summary.http2.tunnels == 1)
    }

    @Test("there are samples")
    func count() { #expect(Self.samples.count > 30) }

    /// Several sockets at once on one connection, beside ordinary requests, that keep every rule.
    static func talk(_ seed: Int, sockets: Int = 3) -> [ScriptedSegment] {
        var generator = SeededGenerator(seed: seed)
        var talk = Multiplexed()
        let streams = (0..<sockets).map { UInt32($0 * 4 + 1) }
        for stream in streams {
            talk.upgrade(stream, path: "/\(stream)")
            talk.get(stream + 2)
        }
        for number in 0..<40 {
            let stream = streams.randomElement(using: &generator) ?? 1
            let sender: Sender = Bool.random(using: &generator) ? .client : .server
            let length = [3, 20, 90, 700, 5_000].randomElement(using: &generator) ?? 3
            let text = "\(number) on \(stream) " + String(repeating: "abc ", count: length / 4)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0:
                talk.send(FrameBytes(.ping, Array("\(number)".utf8)), on: stream, from: sender)
                talk.send(FrameBytes(.pong, Array("\(number)".utf8)), on: stream, from: sender.peer)
            case 1:
                talk.send(FrameBytes(text: text).unfinished, on: stream, from: sender)
                talk.send(FrameBytes(.continuation, Array("end".utf8)), on: stream, from: sender)
            case _: talk.send(FrameBytes(text: text), on: stream, from: sender, size: 1_000)
            }
        }
        for stream in streams { talk.close(stream, by: .client) }
        talk.conversation.finish()
        return talk.conversation.segments
    }

    @Test("where segments end changes nothing", arguments: 0..<8, [1, 2, 7, 100])
    func cut(seed: Int, size: Int) {
        let segments = Self.talk(seed)
        let (whole, cut) = (Observed(segments), Observed(segments.recut(size)))
        #expect(whole.frames.count > 40 && whole.findings.isEmpty && whole.verdicts == [.valid, .valid, .valid])
        #expect(cut.seen == whole.seen)
        #expect(cut.ids == [] && cut.verdicts == whole.verdicts)
        #expect(cut.connections.map(\.close.isClean) == [true, true, true])
        #expect(cut.summary.http2 == whole.summary.http2)
        #expect(whole.summary.http2.requests == 3)
    }

    /// The frames of each socket and sender that were seen whole.
    private static func lines(_ observed: Observed) -> [String: [String]] {
        let streams = Dictionary(
            observed.handshakes.map { ($0.connection, $0.stream?.number ?? 0) }, uniquingKeysWith: { first, _ in first }
        )
        var lines: [String: [String]] = [:]
        for (frame, payload) in zip(observed.frames, observed.payloads) where frame.isWhole {
            lines["\(streams[frame.connection] ?? 0) \(frame.sender)", default: []].append(
                "\(frame.header.opcode) \(payload)")
        }
        return lines
    }

    /// Whether what was seen was sent, in that order, and each once.
    private static func expectSent(_ seen: Observed, _ whole: Observed, _ comment: Comment) {
        let sent = lines(whole)
        for (name, lines) in Self.lines(seen) {
            var rest = (sent[name] ?? [])[...]
            for line in lines {
                guard let place = rest.firstIndex(of: line) else {
                    Issue.record("\(name): a frame that nobody sent, or twice: \(line.prefix(60)); \(comment)")
                    break
                }
                rest = rest[(place + 1)...]
            }
        }
    }

    @Test("where segments are missing no frame is invented, and nobody is accused", arguments: 0..<150)
    func loss(seed: Int) {
        var segments = Self.talk(seed)
        let whole = Observed(segments)
        var generator = SeededGenerator(seed: seed &+ 7_919)
        if seed % 3 == 0 { segments = segments.recut(50) }
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let candidates = segments.indices.filter { !segments[$0].payload.isEmpty }
            guard let place = candidates.randomElement(using: &generator) else { continue }
            segments.remove(at: place)
        }
        let observed = Observed(segments)
        let accusations = observed.ids.filter { $0.family != .capture }
        #expect(accusations.isEmpty)
        Self.expectSent(observed, whole, "seed \(seed)")
    }

    @Test("where a request is missing, and something else", arguments: 0..<6)
    func requestLost(seed: Int) throws {
        let segments = Self.talk(seed, sockets: 1)
        let whole = Observed(segments)
        // Behind the preface and two acknowledgments of settings.
        let sent = segments.indices.filter { !segments[$0].payload.isEmpty }
        let request = try #require(sent.dropFirst(3).first { segments[$0].sender == .client })
        for other in sent where other > request {
            var rest = segments
            rest.remove(at: other)
            rest.remove(at: request)
            let observed = Observed(rest)
            #expect(observed.ids.filter { $0.family != .capture }.isEmpty, "without \(request) and \(other)")
            Self.expectSent(observed, whole, "seed \(seed), without \(request) and \(other)")
        }
    }

    @Test("wherever the capture begins no frame is invented, and nobody is accused", arguments: 0..<60)
    func late(seed: Int) {
        let segments = Self.talk(seed)
        let whole = Observed(segments)
        let first = 4 + seed * (segments.count - 20) / 60
        let observed = Observed(Array(segments[first...]))
        let accusations = observed.ids.filter { $0.family != .capture && $0 != .messageNotInflated }
        #expect(accusations.isEmpty)
        Self.expectSent(observed, whole, "seed \(seed)")
        for handshake in observed.handshakes where handshake.request == nil && handshake.response == nil {
            #expect(handshake.verdict == .midstream)
        }
    }

    @Test("a socket whose request was not captured is found by its frames")
    func midstream() {
        let segments = Self.talk(3)
        let observed = Observed(Array(segments[40...]))
        #expect(observed.verdicts.allSatisfy { $0 == .midstream })
        #expect(observed.handshakes.compactMap(\.stream?.number).sorted() == [1, 5, 9])
        #expect(observed.frames.count > 40)
    }
}
