import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Ends of connections")
struct CloseTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let initiator: Sender?
        let code: UInt16?
        let reason: String?
        let isClean: Bool
        let endedBy: ConnectionClose.Cause
        let conversation: Conversation

        init(
            _ name: String, by initiator: Sender?, code: UInt16? = nil, reason: String? = nil, isClean: Bool = false,
            endedBy: ConnectionClose.Cause, talk: (inout Conversation) -> Void
        ) {
            testDescription = name
            self.initiator = initiator
            self.code = code
            self.reason = reason
            self.isClean = isClean
            self.endedBy = endedBy
            var conversation = Conversation.upgraded()
            talk(&conversation)
            self.conversation = conversation
        }
    }

    static let rows = [
        Row("the client closes", by: .client, code: 1000, reason: "done", isClean: true, endedBy: .fin) {
            $0.close(by: .client, 1000, "done")
        },
        Row("the server closes", by: .server, code: 1001, reason: "", isClean: true, endedBy: .fin) {
            $0.close(by: .server, 1001)
        },
        Row("a close without a body", by: .client, reason: "", isClean: true, endedBy: .captureEnd) {
            for sender in Sender.allCases { $0.send(FrameBytes(.close), from: sender) }
        },
        Row("a close that is not answered", by: .server, code: 1011, reason: "oops", endedBy: .rst) {
            $0.send(FrameBytes(closing: 1011, "oops"), from: .server)
            $0.reset(from: .client)
        },
        Row("a clean close, then a reset", by: .client, code: 1000, reason: "", isClean: true, endedBy: .rst) {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.reset(from: .server)
        },
        Row("a FIN without a close", by: .server, endedBy: .fin) {
            $0.finish(.server)
            $0.finish(.client)
        },
        Row("a reset", by: .client, endedBy: .rst) { $0.reset(from: .client) },
        Row("the capture ends", by: nil, endedBy: .captureEnd) { $0.send(text: "on and on", from: .client) },
        Row("only one side has finished", by: .client, endedBy: .captureEnd) { $0.finish(.client) },
        Row("a new connection on the same ports", by: nil, endedBy: .evicted) {
            var other = Conversation(clientISN: 77_777, serverISN: 99_999)
            other.handshake()
            $0.segments += other.segments
        },
        Row("a SYN on the same ports that nobody answers", by: nil, endedBy: .captureEnd) {
            $0.segments.append(Conversation(clientISN: 77_777).firstSYN)
        },
    ]

    @Test("a connection says how it ended", arguments: rows)
    func ended(_ row: Row) throws {
        let observed = Observed(row.conversation)
        let close = try #require(observed.connections.first).close
        #expect(close.initiator == row.initiator && close.isClean == row.isClean && close.endedBy == row.endedBy)
        #expect(close.body?.code?.rawValue == row.code && close.body?.reason == row.reason)
        #expect(observed.connections.count == 1)
    }

    @Test("a close frame is read whatever else is kept")
    func readAnyway() throws {
        var conversation = Conversation.upgraded()
        conversation.close(by: .client, 4000, "because")
        var options = AnalysisOptions()
        options.payloadLimit = 0
        options.observesFrames = false
        let observed = Observed(conversation, options)
        let close = try #require(observed.connections.first).close
        #expect(close.body?.reason == "because")
        #expect(observed.frames.isEmpty && observed.summary.frames == 2)
    }

    @Test("a connection counts what each peer sent")
    func statistics() throws {
        var conversation = Conversation.upgraded()
        for text in ["one", "three"] { conversation.send(text: text, from: .client) }
        conversation.send(FrameBytes(.binary, [1, 2]).unfinished, from: .server)
        conversation.send(FrameBytes(.ping), from: .server)
        conversation.send(FrameBytes(.pong), from: .client)
        conversation.send(FrameBytes(.continuation, [3]), from: .server)
        conversation.send(FrameBytes(Opcode(rawValue: 3)), from: .server)
        conversation.close(by: .client)
        let observed = Observed(conversation)
        let connection = try #require(observed.connections.first)
        var fromClient = DirectionStatistics()
        (fromClient.frames, fromClient.messages, fromClient.payloadBytes) = (4, 2, 10)
        (fromClient.text, fromClient.pong, fromClient.close) = (2, 1, 1)
        var fromServer = DirectionStatistics()
        (fromServer.frames, fromServer.messages, fromServer.payloadBytes) = (5, 1, 5)
        (fromServer.binary, fromServer.continuation, fromServer.ping) = (1, 1, 1)
        (fromServer.close, fromServer.reserved) = (1, 1)
        #expect(connection.fromClient == fromClient && connection.fromServer == fromServer)
        #expect(observed.summary.frames == 9 && observed.summary.messages == 3)
        #expect(connection.opened.nanoseconds == 1_700_000_000_000_000_000 + 5_000_000)
        let lastFIN = conversation.segments.lastIndex { $0.flags.contains(.fin) }
        #expect(connection.closed == lastFIN.map { conversation.segments.packets()[$0].header.timestamp })
    }
}

extension Conversation {
    /// The SYN with which this conversation would begin.
    fileprivate var firstSYN: ScriptedSegment {
        var conversation = self
        conversation.handshake()
        return conversation.segments[0]
    }
}
