import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("What is told of a connection's end")
struct EndVerdictTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let sign: ConnectionClose.Sign?
        let initiator: Sender?
        let ender: Sender?
        /// What is found, and what its sentence says.
        let finding: FindingID?
        let detail: String
        let conversation: Conversation

        init(
            _ name: String, _ sign: ConnectionClose.Sign?, by initiator: Sender?, ender: Sender?,
            finds finding: FindingID? = nil, _ detail: String = "", talk: (inout Conversation) -> Void
        ) {
            testDescription = name
            (self.sign, self.initiator, self.ender) = (sign, initiator, ender)
            (self.finding, self.detail) = (finding, detail)
            var conversation = Conversation.upgraded()
            talk(&conversation)
            self.conversation = conversation
        }
    }

    static let rows = [
        Row("two closes, the server's FIN first", .close, by: .client, ender: .server) { $0.close(by: .client) },
        Row("a FIN of the client", .fin, by: .client, ender: .client, finds: .closeMissing, "the client sent FIN") {
            $0.finish()
        },
        Row(
            "a FIN, then the peer's reset", .fin, by: .client, ender: .client, finds: .closeMissing,
            "the client sent FIN"
        ) {
            $0.finish(.client)
            $0.reset(from: .server)
        },
        Row("a reset of the server", .rst, by: .server, ender: .server, finds: .closeMissing, "the server sent RST") {
            $0.reset(from: .server)
        },
        Row(
            "a close, and a reset in place of the answer", .close, by: .client, ender: .server, finds: .closeUnanswered,
            "the server got a close frame, and sent RST"
        ) {
            $0.send(FrameBytes(closing: 1000), from: .client)
            $0.reset(from: .server)
        },
        Row(
            "a close, and a FIN that does not wait", .close, by: .server, ender: .server, finds: .closeUnanswered,
            "the server sent a close frame, and then FIN"
        ) {
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.finish(.server)
            $0.finish(.client)
        },
        Row(
            "a close, and a FIN that does not wait, and a reset", .close, by: .server, ender: .server,
            finds: .closeUnanswered, "the server sent a close frame, and then FIN"
        ) {
            $0.send(FrameBytes(closing: 1000), from: .server)
            $0.finish(.server)
            $0.reset(from: .client)
        },
        Row("the capture's end", nil, by: nil, ender: nil) { $0.send(text: "on", from: .client) },
    ]

    @Test("the first sign of the end, who gave it, and who ended TCP", arguments: rows)
    func told(_ row: Row) throws {
        let observed = Observed(row.conversation)
        let close = try #require(observed.connections.first).close
        #expect(close.sign == row.sign && close.initiator == row.initiator && close.endedBySender == row.ender)
        #expect(close.hasEnded == (row.sign != nil))
        #expect(observed.ids == [row.finding].compactMap(\.self))
        guard let finding = observed.findings.first else { return }
        #expect(finding.violation.detail.hasPrefix(row.detail), "\(finding.violation.detail)")
        #expect(finding.sender == row.ender)
    }

    @Test("how long nothing was exchanged before the end, and how long the answer took", arguments: [0, 1, 60_000])
    func times(milliseconds: Int64) throws {
        var timed = TimedConversation()
        timed.sendAlone(FrameBytes(text: "hello"), from: .client)
        timed.wait(milliseconds * 1_000_000)
        timed.sendAlone(FrameBytes(closing: 1001), from: .server)
        timed.wait(2 * milliseconds * 1_000_000)
        timed.sendAlone(FrameBytes(closing: 1001), from: .client)
        let close = try #require(timed.observed().connections.first).close
        #expect(close.idleTime == (milliseconds + 1) * 1_000_000)
        #expect(close.answerTime == (2 * milliseconds + 1) * 1_000_000 && close.isClean)
    }

    @Test("a cut tells how long nothing was exchanged, where that was a millisecond or more")
    func idle() throws {
        var atOnce = TimedConversation()
        atOnce.sendAlone(FrameBytes(text: "hello"), from: .client)
        atOnce.wait(-500_000)
        atOnce.conversation.finish(.server)
        atOnce.conversation.finish(.client)
        #expect(
            try #require(atOnce.observed().findings.first).violation.detail
                == "the server sent FIN, and neither side a close frame")
        var timed = TimedConversation()
        timed.sendAlone(FrameBytes(text: "hello"), from: .client)
        timed.wait(59_999_000_000)
        timed.conversation.finish(.server)
        timed.conversation.finish(.client)
        let finding = try #require(timed.observed().findings.first)
        #expect(finding.violation.detail.contains("after 60 s without traffic"))
        #expect(
            finding.violation.evidence == [
                Evidence("ended_by", .text("fin")), Evidence("idle_milliseconds", .number(60_000)),
            ])
    }

    /// Connections that are cut after being silent for so many seconds, at an age and so long after one another; those
    /// that end at once are younger the later they begin.
    private func cut(afterIdle seconds: [Double], age: Double = 0, apart: Double = 0, atOnce: Bool = false) -> Summary {
        var packets: [CapturedPacket] = []
        for (index, seconds) in seconds.enumerated() {
            let start = Double(index) * apart
            let age = atOnce ? age - start : age
            var timed = TimedConversation(
                .upgraded(from: UInt16(40_000 + index), HandshakeBytes(key: EndVerdictTests.key(index))))
            timed.wait(Int64(max(0, age - seconds) * 1_000_000_000))
            timed.sendAlone(FrameBytes(text: "hello"), from: .client)
            timed.wait(Int64(seconds * 1_000_000_000))
            timed.conversation.reset(from: .server)
            packets += timed.packets(firstNumber: UInt64(packets.count + 1)).map {
                $0.with(delay: Int64(start * 1_000_000_000))
            }
        }
        return Observed(packets).summary
    }

    private static func key(_ number: Int) -> String {
        HandshakeBytes.key(SeededGenerator.bytes(16, seed: number))
    }

    struct Pattern: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let idle: [Double]
        var age: Double = 0
        var apart: Double = 0
        var atOnce = false
        var measure: CutPattern.Measure?
        var count = 0
    }

    @Test(
        "cuts that have a time in common show a timeout",
        arguments: [
            Pattern(testDescription: "none", idle: []),
            Pattern(testDescription: "two", idle: [60, 60]),
            Pattern(testDescription: "three", idle: [60, 60, 60], measure: .idle, count: 3),
            Pattern(testDescription: "three, nearly", idle: [60, 60.9, 61.2], measure: .idle, count: 3),
            Pattern(testDescription: "three that are alike by chance", idle: [0.1, 0.1, 0.1]),
            Pattern(testDescription: "three of six", idle: [60, 60, 60, 5, 10, 20], measure: .idle, count: 3),
            Pattern(testDescription: "three of seven", idle: [60, 60, 60, 5, 10, 20, 30]),
            Pattern(testDescription: "times that lie apart", idle: [10, 20, 30, 40, 50]),
            Pattern(testDescription: "one age", idle: [5, 10, 20, 40], age: 300, apart: 5, measure: .age, count: 4),
            Pattern(testDescription: "one age, but begun and ended at once", idle: [5, 10, 20, 40], age: 300),
            Pattern(
                testDescription: "ended at once", idle: [5, 10, 20, 40], age: 300, apart: 9, atOnce: true,
                measure: .moment, count: 4),
        ])
    func pattern(row: Pattern) {
        let pattern = cut(afterIdle: row.idle, age: row.age, apart: row.apart, atOnce: row.atOnce).cuts.pattern
        #expect(pattern?.measure == row.measure && pattern?.connections ?? 0 == row.count)
        if let pattern { #expect(pattern.ofConnections == row.idle.count) }
    }

    @Test("connections that closed as they should are no cuts, whatever their times")
    func notCut() {
        var packets: [CapturedPacket] = []
        for index in 0..<5 {
            var timed = TimedConversation(
                .upgraded(from: UInt16(40_000 + index), HandshakeBytes(key: EndVerdictTests.key(index))))
            timed.wait(60_000_000_000)
            timed.conversation.close(by: .server)
            packets += timed.packets(firstNumber: UInt64(packets.count + 1))
        }
        #expect(Observed(packets).summary.cuts.pattern == nil)
    }

    @Test("clocks that leap from one end of time to the other do no harm")
    func leaps() {
        var packets: [CapturedPacket] = []
        for index in 0..<4 {
            var conversation = Conversation.upgraded(
                from: UInt16(40_000 + index), HandshakeBytes(key: EndVerdictTests.key(index)))
            conversation.send(text: "hello", from: .client)
            conversation.send(FrameBytes(.ping), from: .client)
            let count = conversation.segments.count
            if index == 3 { conversation.send(FrameBytes(.pong), from: .server) }
            conversation.reset(from: .server)
            packets += conversation.segments.packets().enumerated().map { place, packet in
                let time = place < count ? Int64.min : .max
                return packet.with(delay: time &- packet.header.timestamp.nanoseconds)
            }
        }
        var options = AnalysisOptions()
        options.streams.idleTime = .max
        let observed = Observed(packets, options)
        #expect(observed.connections.count == 4 && observed.summary.cuts.pattern?.connections == 3)
    }
}
