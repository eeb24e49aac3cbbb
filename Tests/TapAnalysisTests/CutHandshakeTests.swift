import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// A handshake of which a part was not captured: what is left is decoded, and nobody is accused.
@Suite("Heads of a handshake that were captured in part")
struct CutHandshakeTests {
    private static let lengths: [Sender: Int] = [
        .client: HandshakeBytes().request.bytes.count, .server: HandshakeBytes().response.bytes.count,
    ]

    /// A conversation whose heads come in segments of `size`, with three texts each way and a clean end.
    private static func conversation(headSize size: Int, first: Sender = .client) -> Conversation {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client, segmentSize: size)
        conversation.send(HandshakeBytes().response.bytes, from: .server, segmentSize: size)
        for text in ["one", "two", "three"] {
            for sender in [first, first.peer] { conversation.send(text: text, from: sender) }
        }
        conversation.close(by: .client)
        return conversation
    }

    /// The segments that carry a part of the head of a peer.
    private static func heads(of sender: Sender, in segments: [ScriptedSegment]) -> [Int] {
        guard let first = segments.firstIndex(where: { $0.sender == sender && !$0.payload.isEmpty }) else { return [] }
        let start = segments[first].sequenceNumber
        return segments.indices.filter { index in
            let offset = start.distance(to: segments[index].sequenceNumber)
            return segments[index].sender == sender && !segments[index].payload.isEmpty
                && (0..<(lengths[sender] ?? 0)).contains(offset)
        }
    }

    private func expectWhole(_ observed: Observed, missing: Int, of sender: Sender, _ comment: Comment) throws {
        #expect(observed.verdicts == [.unverifiable], comment)
        let texts = observed.frames.indices.filter { observed.frames[$0].header.opcode == .text }
        for peer in Sender.allCases {
            let own = texts.filter { observed.frames[$0].sender == peer }.map { observed.texts[$0] }
            #expect(own == ["one", "two", "three"], comment)
        }
        #expect(observed.findings.allSatisfy { $0.violation.id.severity == .note }, comment)
        let connection = try #require(observed.connections.first, comment)
        #expect(observed.connections.count == 1 && connection.close.isClean, comment)
        let statistics = sender == .client ? connection.fromClient : connection.fromServer
        #expect(statistics.missingBytes == UInt64(missing) && statistics.undecodedBytes == 0, comment)
        #expect(connection.closed >= connection.opened, comment)
    }

    @Test("bytes that come late while it is not known what they are are not missing")
    func lateWhileHeld() throws {
        var conversation = Self.conversation(headSize: 1_460)
        // The response is cut, so that what the client says is held; and of that two bytes are cut, and come again.
        let response = Self.heads(of: .server, in: conversation.segments)[0]
        let text = try #require(
            conversation.segments.indices.first {
                $0 > response && conversation.segments[$0].sender == .client
                    && !conversation.segments[$0].payload.isEmpty
            })
        let copy = conversation.segments[text]
        conversation.segments[response].capturedLength = 20
        conversation.segments[text].capturedLength -= 2
        conversation.segments.insert(copy, at: text + 1)
        let connection = try #require(Observed(conversation).connections.first)
        #expect(connection.fromClient.missingBytes == 0 && connection.fromClient.undecodedBytes >= 2)
    }

    @Test("any segment of a head may be lost", arguments: Sender.allCases, [30, 50, 1_460])
    func lost(sender: Sender, size: Int) throws {
        let conversation = Self.conversation(headSize: size)
        for index in Self.heads(of: sender, in: conversation.segments) {
            var segments = conversation.segments
            let missing = segments.remove(at: index).payload.count
            let observed = Observed(segments)
            try expectWhole(observed, missing: missing, of: sender, "\(index)")
            let isAllLost = size == 1_460
            #expect(observed.ids.contains(isAllLost ? .captureOneSided : .captureHeadCut), "\(index)")
        }
    }

    @Test("a server may speak first after a 101 that is lost", arguments: [30, 1_460])
    func serverFirst(size: Int) throws {
        let conversation = Self.conversation(headSize: size, first: .server)
        for index in Self.heads(of: .server, in: conversation.segments) {
            var segments = conversation.segments
            let missing = segments.remove(at: index).payload.count
            try expectWhole(Observed(segments), missing: missing, of: .server, "\(index)")
        }
    }

    @Test("every segment of both heads may be cut", arguments: [16, 20, 60, 100])
    func cut(length: Int) throws {
        let conversation = Self.conversation(headSize: 1_460)
        let observed = Observed(conversation.segments.cut(to: length))
        let missing = (Self.lengths[.server] ?? 0) - length
        #expect(observed.findings.allSatisfy { $0.violation.id.severity == .note })
        #expect(observed.texts.count == 8 && observed.connections.first?.close.isClean == true)
        if length >= 20 {
            try expectWhole(observed, missing: missing, of: .server, "\(length)")
            #expect(observed.ids.count { $0 == .captureHeadCut } == 2)
        } else {
            #expect(observed.verdicts == [.midstream])
        }
    }

    @Test("of a part of a head nothing is demanded that may be missing, and its packet is known")
    func demands() throws {
        let conversation = Self.conversation(headSize: 40)
        var segments = conversation.segments
        let parts = Self.heads(of: .server, in: segments)
        segments.remove(at: parts[1])
        let observed = Observed(segments)
        let handshake = try #require(observed.handshakes.first)
        let response = try #require(handshake.response)
        #expect(handshake.status == 101 && !response.isWhole)
        let checklist = HandshakeChecklist(
            request: handshake.request, response: response, violations: handshake.violations)
        let judged = checklist.rules(of: .server).filter { $0.outcome == .kept }.map(\.rule)
        #expect(
            judged == [.status]
                && !checklist.rules(of: .client).contains { $0.outcome == .notChecked && $0.rule != .patience })
    }

    @Test("where the capture ends within a response, nobody is blamed", arguments: [1, 12, 40, 120])
    func captureEnds(length: Int) throws {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send(Array(HandshakeBytes().response.bytes.prefix(length)), from: .server)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.unverifiable] && observed.ids == [.captureHeadCut])
        let finding = try #require(observed.findings.first)
        #expect(finding.violation.detail.hasPrefix("the response ends after \(length) byte"))
        #expect(finding.packet.rawValue == (length >= 12 ? 6 : 4))
    }

    @Test("where the server ends the connection within its response, that is said", arguments: [false, true])
    func serverEnds(isReset: Bool) {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send(Array(HandshakeBytes().response.bytes.prefix(40)), from: .server)
        if isReset { conversation.reset(from: .server) } else { conversation.finish() }
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.unverifiable] && observed.ids == [.handshakeUnanswered])
        let detail = "the server closed within its response, after 40 bytes (101 Switching Protocols)"
        #expect(observed.findings.first?.violation.detail == detail)
    }

    @Test("a refusal whose head is cut is a refusal", arguments: [30, 60])
    func refused(length: Int) {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send(
            "HTTP/1.1 403 Forbidden\r\nServer: a\r\nContent-Length: 20\r\n\r\n01234567890123456789", from: .server)
        conversation.finish()
        let server = conversation.segments.firstIndex { $0.sender == .server && !$0.payload.isEmpty } ?? 0
        conversation.segments[server].capturedLength = length
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.refused] && observed.connections.isEmpty)
        #expect(observed.ids == (length < 58 ? [.handshakeRefused, .captureHeadCut] : [.handshakeRefused]))
    }

    @Test("silence is concluded from a whole direction only")
    func silence() {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        let asked = conversation
        #expect(Observed(asked).ids == [] && Observed(asked).verdicts == [.unanswered])
        conversation.finish()
        #expect(Observed(conversation).ids == [.handshakeUnanswered])
        // The capture sees one direction only.
        let oneSided = Observed(conversation.segments.filter { $0.sender == .client })
        #expect(oneSided.ids == [] && oneSided.verdicts == [.unanswered])
        // The answer is what is missing.
        var lossy = asked
        lossy.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", from: .server)
        lossy.finish()
        let answer = lossy.segments.firstIndex { $0.sender == .server && !$0.payload.isEmpty } ?? 0
        lossy.segments.remove(at: answer)
        let observed = Observed(lossy)
        #expect(observed.verdicts == [.unanswered] && observed.ids == [.captureHeadCut])
    }

    @Test("other traffic whose heads are cut is no WebSocket", arguments: [10, 30, 50])
    func otherTraffic(length: Int) {
        var conversation = Conversation.opened
        for index in 0..<10 {
            conversation.send("GET /\(index) HTTP/1.1\r\nHost: example.com\r\nAccept: text/html\r\n\r\n", from: .client)
            conversation.send(
                "HTTP/1.1 200 OK\r\nServer: a\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n0123456789",
                from: .server)
        }
        conversation.finish()
        let observed = Observed(conversation.segments.cut(to: length))
        #expect(observed.handshakes.isEmpty && observed.connections.isEmpty && observed.ids == [])
    }

    @Test("after an answer that is lost, HTTP may go on, body and all")
    func bodyOfLostAnswer() {
        var conversation = Conversation.opened
        conversation.send(HandshakeBytes().request.bytes, from: .client)
        conversation.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 30\r\n\r\n", from: .server)
        conversation.send("<html>\u{1}<body>403</body></html>", from: .server)
        let again = HandshakeBytes(target: "/again", key: HandshakeBytes.key([UInt8](repeating: 7, count: 16)))
        conversation.send(again.request.bytes, from: .client)
        conversation.send(again.response.bytes, from: .server)
        conversation.send(text: "in", from: .client)
        let head = conversation.segments.firstIndex { $0.sender == .server && !$0.payload.isEmpty } ?? 0
        conversation.segments.remove(at: head)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.unverifiable, .valid] && observed.texts == ["in"])
        #expect(observed.findings.allSatisfy { $0.violation.id.severity != .error })
    }

    @Test("any bytes of the heads may be lost, and nobody is accused", arguments: 0..<60)
    func anywhere(seed: Int) {
        var generator = SeededGenerator(seed: 70_000 + seed)
        let conversation = Self.conversation(headSize: Int.random(in: 5...90, using: &generator))
        let heads = Sender.allCases.flatMap { Self.heads(of: $0, in: conversation.segments) }
        let gone = Set(heads.filter { _ in generator.oneIn(4) })
        let segments = conversation.segments.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
        let observed = Observed(segments)
        let shown = Comment(rawValue: "\(gone.sorted()): \(observed.findings.map(\.violation.detail))")
        #expect(observed.findings.allSatisfy { $0.violation.id.severity == .note }, shown)
        #expect(Set(observed.texts).isSubset(of: ["one", "two", "three", "\u{3}\u{FFFD}"]), shown)
    }
}
