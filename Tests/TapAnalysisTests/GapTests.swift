import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Bytes that are missing")
struct GapTests {
    private static let before = Conversation.upgradedPackets

    @Test("a hole inside a payload leaves the direction in sync", arguments: Sender.allCases, [false, true])
    func insidePayload(sender: Sender, isAcknowledged: Bool) throws {
        let payload = SeededGenerator.bytes(300, seed: 1)
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, payload), from: sender, segmentSize: 100)
        for _ in 0..<(isAcknowledged ? 20 : 0) { conversation.acknowledge(from: sender.peer) }
        conversation.send(text: "after", from: sender)
        conversation.segments.remove(at: GapTests.before + 1)
        var options = AnalysisOptions()
        options.streams.patienceTime = 10_000_000
        let observed = Observed(conversation, options)
        let header = sender == .client ? 8 : 4
        #expect(observed.frames.map(\.isWhole) == [false, true])
        #expect(observed.frames.map(\.capturedLength) == [200, 5])
        #expect(observed.payloads == [Array(payload.prefix(100 - header)), Array("after".utf8)])
        #expect(observed.ids == [.captureBytesMissing])
        let evidence = [
            Evidence("bytes", .number(100)), Evidence("reason", .text(isAcknowledged ? "acknowledged" : "end")),
        ]
        #expect(observed.findings.first?.violation.evidence == evidence)
        let connection = try #require(observed.connections.first)
        let statistics = sender == .client ? connection.fromClient : connection.fromServer
        #expect(statistics.missingBytes == 100 && statistics.undecodedBytes == 0 && statistics.payloadBytes == 305)
    }

    @Test("a hole across frames loses its direction; the other goes on", arguments: Sender.allCases)
    func acrossFrames(sender: Sender) throws {
        var conversation = Conversation.upgraded()
        for text in ["one", "two", "three"] { conversation.send(text: text, from: sender) }
        for text in ["four", "five"] { conversation.send(text: text, from: sender.peer) }
        conversation.segments.remove(at: GapTests.before + 2)
        let observed = Observed(conversation)
        #expect(Set(observed.texts) == ["one", "four", "five"])
        #expect(observed.ids == [.captureBytesMissing, .captureSyncLost])
        #expect(observed.findings.allSatisfy { $0.sender == sender && $0.frame == nil })
        let connection = try #require(observed.connections.first)
        let (lost, kept) =
            sender == .client
            ? (connection.fromClient, connection.fromServer) : (connection.fromServer, connection.fromClient)
        let header: UInt64 = sender == .client ? 6 : 2
        #expect(lost.missingBytes == 3 + header && lost.undecodedBytes == 5 + header && lost.frames == 1)
        #expect(kept.missingBytes == 0 && kept.undecodedBytes == 0 && kept.frames == 2)
    }

    @Test("a hole from one payload into the next frame's loses the direction, and tells the cut frame")
    func intoNextFrame() {
        var conversation = Conversation.upgraded()
        let bytes = FrameBytes(text: "first").bytes + FrameBytes(text: "second").bytes
        conversation.send(bytes, from: .server, segmentSize: 5)
        conversation.segments.remove(at: GapTests.before + 1)
        let observed = Observed(conversation)
        #expect(observed.texts == ["fir"] && observed.frames.map(\.isWhole) == [false])
        #expect(observed.ids == [.captureBytesMissing, .captureSyncLost])
    }

    @Test("a hole that ends with its frame leaves the direction in sync")
    func upToFrameEnd() {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(text: "first"), from: .server, segmentSize: 5)
        conversation.send(text: "second", from: .server)
        conversation.segments.remove(at: GapTests.before + 1)
        let observed = Observed(conversation)
        #expect(observed.texts == ["fir", "second"] && observed.ids == [.captureBytesMissing])
        #expect(observed.frames.map(\.isWhole) == [false, true])
    }

    @Test("bytes at the end that only an acknowledgment shows are counted", arguments: [false, true])
    func atTheEnd(isFinished: Bool) throws {
        var conversation = Conversation.upgraded()
        conversation.send(text: "one", from: .server)
        conversation.send(text: "two", from: .server)
        if isFinished { conversation.finish() }
        conversation.segments.remove(at: GapTests.before + 2)
        let observed = Observed(conversation)
        #expect(observed.texts == ["one"] && observed.ids == [.captureBytesMissing])
        let connection = try #require(observed.connections.first)
        #expect(connection.fromServer.missingBytes == 5 && connection.fromServer.undecodedBytes == 0)
    }

    @Test("packets that the capture cut short are holes, too, and told once", arguments: [4, 50, 103, 104])
    func cutShort(count: Int) throws {
        var conversation = Conversation.upgraded()
        for _ in 0..<3 { conversation.send(FrameBytes(.binary, [UInt8](repeating: 7, count: 100)), from: .server) }
        let segments =
            conversation.segments.prefix(GapTests.before)
            + Array(conversation.segments.dropFirst(GapTests.before)).cut(to: count)
        let observed = Observed(Array(segments))
        let captured = min(count - 2, 100)
        #expect(observed.frames.map(\.capturedLength) == [UInt64](repeating: UInt64(captured), count: 3))
        #expect(observed.frames.allSatisfy { $0.isWhole == (captured == 100) })
        #expect(observed.payloads.allSatisfy { $0.count == captured })
        #expect(observed.ids == (captured == 100 ? [] : [.captureSnaplen]))
        #expect(observed.frames.map(\.packet.rawValue) == [8, 10, 12])
        let server = try #require(observed.connections.first).fromServer
        #expect(server.missingBytes == UInt64(3 * (100 - captured)) && server.messages == 3)
    }

    @Test("a payload is unmasked in phase after a hole, and a close frame with a hole is not blamed")
    func closeWithHole() {
        var conversation = Conversation.upgraded()
        let close = FrameBytes(.close, [0x03, 0xE8, 0xC3, 0xA4])
        conversation.send(close.bytes, from: .server, segmentSize: 5)
        conversation.segments[GapTests.before].capturedLength = 5
        conversation.segments.remove(at: GapTests.before + 1)
        let observed = Observed(conversation)
        #expect(observed.ids == [.captureBytesMissing] && observed.frames.map(\.findings) == [[]])
    }

    @Test("the 101 itself may be missing")
    func missingResponse() {
        var conversation = Conversation.upgraded()
        conversation.send(text: "one", from: .client)
        conversation.segments.removeSubrange(5...6)
        let observed = Observed(conversation)
        #expect(observed.verdicts == [.unverifiable] && observed.texts == ["one"])
    }
}
