import TapAnalysis
import TapTestSupport
import TapWebSocket

/// A capture that lacks packets, and what is found in it.
struct LossyCapture {
    let capture: RandomCapture
    let loss: PacketLoss
    let segments: [ScriptedSegment]
    private let packets: [CapturedPacket]
    let facts: CaptureFacts

    init(_ seed: Int) {
        var generator = SeededGenerator(seed: 4_000_000 + seed)
        capture = RandomCapture(&generator)
        loss = PacketLoss.allCases[seed % PacketLoss.allCases.count]
        let mangled = generator.oneIn(3) ? capture.segments.mangledWithoutLoss(&generator) : capture.segments
        segments = loss.kept(mangled, of: capture, &generator)
        packets = segments.packets()
        facts = CaptureFacts(packets)
    }

    func truth(of sender: Sender, in dialogue: RandomDialogue) -> DirectionTruth {
        DirectionTruth(of: sender, in: dialogue, segments)
    }

    /// No frame and no message is made up, and nobody is accused of what is not in the capture.
    var truthful: CheckedCapture {
        var checked = CheckedCapture(property: "truthful", packets: packets)
        checked.expect(facts.peers.isSubset(of: capture.peers), "frames of \(facts.peers.subtracting(capture.peers))")
        for dialogue in capture.dialogues {
            for sender in Sender.allCases {
                let peer = SendingPeer(port: dialogue.port, sender: sender)
                let sent = dialogue.frames(from: sender).map(\.facts)
                let frame = facts.frames(of: peer).firstUnexplained(by: sent) { $0.isPart(of: $1) }
                checked.note(frame.map { "\($0) was not sent, or not there" }, "\(loss), \(peer): ")
                let message = facts.messages(of: peer).firstUnexplained(by: dialogue.messages(from: sender), ==)
                checked.note(message.map { "\($0) was not sent, or not there" }, "\(loss), \(peer): ")
            }
            checked.expectPossible(facts.verdicts[dialogue.port] ?? [], of: dialogue)
        }
        checked.note(facts.accusations.firstBeyond(capture.faults).map { "\($0) is said" }, "\(loss): ")
        checked.faults += facts.brokenTimes
        return checked
    }

    /// Who began the end, and whether it was clean, is said only where that is so.
    var ended: CheckedCapture {
        var checked = CheckedCapture(property: "ended", packets: packets)
        for dialogue in capture.dialogues {
            let closes = Sender.allCases.filter { dialogue.frames(from: $0).contains { $0.facts.opcode == .close } }
            for end in facts.ends[dialogue.port] ?? [] {
                let isKnown = dialogue.closer == nil || end.initiator == nil || end.initiator == dialogue.closer
                checked.expect(
                    isKnown && (!end.isClean || closes.count == 2), "\(loss): \(dialogue.port) closed \(end)")
            }
        }
        return checked
    }

    /// Missing bytes are counted, each one.
    var counted: CheckedCapture {
        var checked = CheckedCapture(property: "counted", packets: packets)
        for dialogue in capture.dialogues {
            guard let ends = facts.ends[dialogue.port] else { continue }
            for (index, sender) in Sender.allCases.enumerated() {
                let truth = truth(of: sender, in: dialogue)
                let missing = ends.reduce(0) { $0 + Int(clamping: $1.missing[index]) }
                let least = truth.isStartKnown ? truth.missing.lowerBound : 0
                checked.expect(
                    (least...truth.missing.upperBound).contains(missing),
                    "\(loss), \(sender) of \(dialogue.port): \(missing) bytes are missing, not \(truth.missing)")
            }
        }
        return checked
    }

    /// How many of the frames behind certain ones are decoded.
    var decoded: (frames: Int, of: Int, worst: String) {
        var (count, all, worst) = (0, 0, "")
        for dialogue in capture.dialogues {
            let truths = Sender.allCases.map { truth(of: $0, in: dialogue) }
            // Frames alone tell that it is WebSocket only where both sides have some that are certain.
            guard truths.contains(where: \.isHeadWhole) || truths.allSatisfy(\.isCertainSomewhere) else { continue }
            for (sender, truth) in zip(Sender.allCases, truths) {
                let wanted = truth.expected
                let found = facts.frames(of: SendingPeer(port: dialogue.port, sender: sender))
                let these = found.count(of: wanted, among: truth.frames.map(\.facts))
                count += these
                all += wanted.count { $0 }
                if these < wanted.count(where: { $0 }) {
                    worst = "\(loss), \(sender) of \(dialogue.port): \(these) of \(wanted.count { $0 })"
                }
            }
        }
        return (count, all, worst)
    }
}

extension CheckedCapture {
    fileprivate mutating func expectPossible(_ verdicts: [Verdict], of dialogue: RandomDialogue) {
        let isPossible =
            verdicts.count { $0 == .refused } <= dialogue.refusals && verdicts.count { $0 == .valid } <= 1
            && !verdicts.contains(.invalid)
        expect(isPossible, "\(dialogue.port) is \(verdicts)")
    }
}

extension Array {
    /// The first that is none of `others`, of which each may explain one, in their order.
    fileprivate func firstUnexplained<Other>(
        by others: [Other], _ explains: (Element, Other) -> Bool
    ) -> Element? {
        var rest = others[...]
        for element in self {
            guard let index = rest.firstIndex(where: { explains(element, $0) }) else { return element }
            rest = rest[(index + 1)...]
        }
        return nil
    }
}

extension [FrameFacts] {
    /// How many of those that are wanted among the frames that were sent are here. Of frames that are alike the first are taken,
    /// or the last, whichever gives more.
    fileprivate func count(of wanted: [Bool], among sent: [FrameFacts]) -> Int {
        let forward = count(of: zip(sent, wanted).map { ($0, $1) })
        let backward = Array(reversed()).count(of: zip(sent, wanted).reversed().map { ($0, $1) })
        return Swift.max(forward, backward)
    }

    private func count(of sent: [(facts: FrameFacts, isWanted: Bool)]) -> Int {
        var rest = sent[...]
        var count = 0
        for frame in self where frame.isWhole {
            guard let index = rest.firstIndex(where: { $0.facts == frame }) else { continue }
            if rest[index].isWanted { count += 1 }
            rest = rest[(index + 1)...]
        }
        return count
    }
}
