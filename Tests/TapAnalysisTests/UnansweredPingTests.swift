import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Pings that nobody answers")
struct UnansweredPingTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let script: Script
        /// The frame of the ping that is not answered; `nil` where nobody is accused.
        let frame: Int?

        init(_ name: String, _ script: String, frame: Int?) {
            (testDescription, self.script, self.frame) = (name, Script(text: script), frame)
        }
    }

    /// What the two peers do, a sign each.
    ///
    /// A capital is a ping, a small letter the pong of the other peer, which owes it; a digit so many seconds. The peer that
    /// owes pongs sends a text (`.`), a close frame (`!`), or a text that the capture lacks (`-`), which may be empty (`~`);
    /// the one that pings sends a text (`,`), a close frame (`?`), or a ping that the capture lacks (`_`).
    struct Script: Sendable {
        let text: String

        func conversation(pinger: Sender) -> TimedConversation {
            var timed = TimedConversation()
            for sign in text {
                let payload = Array(sign.lowercased().utf8)
                switch sign {
                case "1"..."9": timed.wait(Int64(sign.wholeNumberValue ?? 0) * 1_000_000_000)
                case "A"..."Z": timed.send(FrameBytes(.ping, payload), from: pinger)
                case "a"..."z": timed.send(FrameBytes(.pong, payload), from: pinger.peer)
                case ".": timed.send(FrameBytes(text: "data"), from: pinger.peer)
                case ",": timed.send(FrameBytes(text: "data"), from: pinger)
                case "!": timed.send(FrameBytes(closing: 1000), from: pinger.peer)
                case "?": timed.send(FrameBytes(closing: 1000), from: pinger)
                case "~": timed.sendUncaptured(FrameBytes(.text), from: pinger.peer)
                case "-": timed.sendUncaptured(FrameBytes(text: "lost"), from: pinger.peer)
                default: timed.sendUncaptured(FrameBytes(.ping, Array("z".utf8)), from: pinger)
                }
            }
            return timed
        }
    }

    static let guilty = [
        Row("other data long after a ping", "A6.", frame: 1),
        Row("other data just five seconds after it", "A5.", frame: 1),
        Row("data again and again", "A1.1.1.1.1.1.", frame: 1),
        Row("the first of two", "A3B3.", frame: 1),
        Row("pings on and on", "A3.B3.C3.D3.?!", frame: 1),
        Row("a pong with other bytes", "Ab6.", frame: 1),
        Row("a pong with the same bytes long before", "a6A6.", frame: 2),
        Row("one after another that was answered", "Aa1B6.", frame: 3),
        Row("silence through four pings", "A1B1C1D?!", frame: 1),
        Row("silence after four pings at once", "ABCD2?!", frame: 1),
        Row("silence through four pings, and no close", "A2B2C2D", frame: 1),
        Row("silence, and its own close frame", "A1B1C1D1!?", frame: 1),
        Row("silence through four pings with the same bytes", "A1A1A1A?!", frame: 1),
        Row("bytes that are missing only at the end, too few for a pong", "A6.~", frame: 1),
        Row("a ping that is missing, and no pong for it", "A_6.", frame: 1),
    ]

    static let innocent = [
        Row("a pong at once", "Aa6.", frame: nil),
        Row("a late pong", "A9a.", frame: nil),
        Row("a late pong behind other data", "A6.a", frame: nil),
        Row("a pong for the last of several", "ABC6c.", frame: nil),
        Row("a late pong for the last of several", "ABC6.c", frame: nil),
        Row("one pong for several pings with the same bytes", "AAA1a6.", frame: nil),
        Row("other data soon after a ping", "A4.", frame: nil),
        Row("no other data", "A9", frame: nil),
        Row("data of the other side alone", "A6,6,", frame: nil),
        Row("a heartbeat of pongs", "A6b6b6b", frame: nil),
        Row("pongs that nobody asked for", "a6.a6.", frame: nil),
        Row("three pings, and a close", "A1B1C1?!", frame: nil),
        Row("a burst of pings behind a silence, and a close", "A9BCD?!", frame: nil),
        Row("a burst of pings at the end of the capture", "A9BCD", frame: nil),
        Row("many pings at once, and a close", "ABCDEFGH?!", frame: nil),
        Row("many pings at once, and its own close", "ABCDEFGH!?", frame: nil),
        Row("a ping just before a close", "A1?6.!", frame: nil),
        Row("a ping after a close", "?A6.!", frame: nil),
        Row("a ping after its own close", "!A6B6C6D6?", frame: nil),
        Row("missing bytes before other data", "A-6.", frame: nil),
        Row("missing bytes before other data, too few for a pong", "A~6.", frame: nil),
        Row("missing bytes behind other data", "A6.-.", frame: nil),
        Row("missing bytes that its peer acknowledged, and silence", "A-1B1C1D1E2?", frame: nil),
        Row("a ping that is missing, and a pong that may answer it", "A_z6.", frame: nil),
        Row("a ping that is missing, and a pong that may answer it as well as the first", "ZA_z6.", frame: nil),
        Row("a ping that is missing, and a late pong that may answer it", "A_6.,z.", frame: nil),
        Row("a pong that the capture has before its ping", "aA6.", frame: nil),
        Row("a pong that the capture has before the last of several pings", "AbB6.", frame: nil),
        Row("a ping that waits behind missing bytes, and was answered meanwhile", "_Bb6.", frame: nil),
    ]

    private func found(_ observed: Observed) -> [Finding] {
        observed.findings.filter { $0.violation.id == .pingUnanswered }
    }

    @Test(
        "are told where there was time for an answer, and the capture shows that none came",
        arguments: guilty + innocent)
    func told(row: Row) {
        for pinger in Sender.allCases {
            for isEnded in [false, true] {
                var timed = row.script.conversation(pinger: pinger)
                if isEnded { timed.conversation.finish() }
                let findings = found(timed.observed())
                #expect(findings.map(\.frame) == (row.frame.map { [$0] } ?? []))
                #expect(findings.allSatisfy { $0.sender == pinger.peer })
            }
        }
    }

    @Test("what came in place of the pong stands in the evidence")
    func evidence() {
        let observed = Script(text: "Aa1BxCy6.").conversation(pinger: .client).observed()
        #expect(
            found(observed).map(\.violation.evidence) == [
                [
                    Evidence("first_frame", .number(3)), Evidence("pings", .number(2)),
                    Evidence("other_pongs", .number(2)),
                ]
            ])
    }

    @Test("each side owes its own pongs")
    func both() {
        var timed = Script(text: "A").conversation(pinger: .client)
        timed.send(FrameBytes(.ping, [1]), from: .server)
        timed.wait(6_000_000_000)
        for sender in Sender.allCases { timed.send(FrameBytes(text: "data"), from: sender) }
        let findings = found(timed.observed())
        #expect(findings.map(\.frame) == [2, 1] && findings.map(\.sender) == [.client, .server])
    }

    @Test("a frame that began before the ping is no data after it", arguments: Sender.allCases)
    func insideFrame(pinger: Sender) {
        for isCompleted in [true, false] {
            var timed = TimedConversation()
            let frame = FrameBytes(.binary, [UInt8](repeating: 1, count: 100)).sent(by: pinger.peer).bytes
            timed.conversation.send(Array(frame[..<50]), from: pinger.peer)
            for payload: UInt8 in 0..<4 {
                timed.send(FrameBytes(.ping, [payload]), from: pinger)
                timed.wait(6_000_000_000)
            }
            if isCompleted { timed.conversation.send(Array(frame[50...]), from: pinger.peer) }
            timed.send(FrameBytes(closing: 1011), from: pinger)
            // Once the frame is over, it was silent through four pings.
            #expect(found(timed.observed()).count == (isCompleted ? 1 : 0))
        }
    }

    @Test("the fragment of a message is other data")
    func fragments() {
        var timed = TimedConversation()
        timed.send(FrameBytes(text: "one").unfinished, from: .server)
        timed.send(FrameBytes(.ping, [1]), from: .client)
        timed.wait(6_000_000_000)
        timed.send(FrameBytes(.continuation), from: .server)
        #expect(found(timed.observed()).map(\.frame) == [2])
    }

    @Test("a pong of which the capture holds a part may be the answer")
    func cutPong() {
        var timed = TimedConversation()
        timed.send(FrameBytes(.ping, [1, 2, 3, 4, 5, 6]), from: .client)
        timed.send(FrameBytes(.pong, [1, 2, 3, 4, 5, 6]), from: .server)
        let pong = timed.conversation.segments.count - 2
        timed.conversation.segments[pong].capturedLength = 5
        timed.wait(6_000_000_000)
        timed.send(FrameBytes(text: "data"), from: .server)
        #expect(found(timed.observed()).isEmpty)
    }

    @Test("of a side that was not captured, nothing is said", arguments: Sender.allCases)
    func oneSided(pinger: Sender) {
        for script in ["A6.", "A1B1C1D?!"] {
            var timed = Script(text: script).conversation(pinger: pinger)
            // What stands before is captured, so that the pauses stay where they are.
            let isKept = { (segment: ScriptedSegment) in segment.sender == pinger || segment.flags.contains(.syn) }
            timed.conversation.segments = timed.conversation.segments.map { segment in
                isKept(segment) ? segment : segment.piece(0..<0)
            }
            #expect(found(timed.observed()).isEmpty)
        }
    }

    @Test("where a side's frames are known only from behind the ping on, nothing is said", arguments: Sender.allCases)
    func unknownStart(pinger: Sender) {
        var timed = TimedConversation()
        for _ in 0..<3 { timed.send(FrameBytes(text: "a text that convinces by itself"), from: pinger) }
        timed.send(FrameBytes(.ping, [1]), from: pinger)
        timed.wait(6_000_000_000)
        for _ in 0..<3 { timed.send(FrameBytes(text: "a text that convinces by itself"), from: pinger.peer) }
        let packets = Array(timed.packets().dropFirst(Conversation.upgradedPackets))
        let observed = Observed(packets)
        #expect(observed.verdicts == [.midstream] && observed.frames.count == 7)
        #expect(found(observed).isEmpty)
    }

    @Test("where the frames of both sides are known from before the ping on, it is judged")
    func midstream() {
        var timed = TimedConversation()
        for _ in 0..<3 {
            for sender in Sender.allCases { timed.send(FrameBytes(text: "a text that convinces"), from: sender) }
        }
        timed.send(FrameBytes(.ping, [1]), from: .client)
        timed.wait(6_000_000_000)
        timed.send(FrameBytes(text: "data"), from: .server)
        let observed = Observed(Array(timed.packets().dropFirst(Conversation.upgradedPackets)))
        #expect(observed.verdicts == [.midstream] && found(observed).map(\.frame) == [7])
    }

    @Test("a client that refuses the handshake need not answer")
    func refused() {
        var handshake = HandshakeBytes()
        handshake.response.set("Sec-WebSocket-Accept", to: "nonsense")
        var timed = TimedConversation(.upgraded(handshake))
        for payload: UInt8 in 0..<6 {
            timed.send(FrameBytes(.ping, [payload]), from: .server)
            timed.wait(1_000_000_000)
        }
        #expect(found(timed.observed()).isEmpty)
    }
}

extension TimedConversation {
    /// Sends a frame that is acknowledged, but not in the capture.
    fileprivate mutating func sendUncaptured(_ frame: FrameBytes, from sender: Sender) {
        let place = conversation.segments.count
        send(frame, from: sender)
        conversation.segments.remove(at: place)
    }
}
