import TapAnalysis
import TapTestSupport
import TapWebSocket

/// Captures that hold all that was sent.
extension CheckedCapture {
    /// What was sent is found, and nothing else.
    static func whole(_ seed: Int) -> CheckedCapture {
        var generator = SeededGenerator(seed: seed)
        let capture = RandomCapture(&generator)
        let packets = capture.segments.packets()
        return CheckedCapture(property: "whole", packets: packets).expectingAll(of: capture, in: CaptureFacts(packets))
    }

    /// Order, copies, cuts and keep-alives change nothing.
    static func mangled(_ seed: Int) -> CheckedCapture {
        var generator = SeededGenerator(seed: 1_000_000 + seed)
        let capture = RandomCapture(&generator)
        let packets = capture.segments.mangledWithoutLoss(&generator).packets()
        let facts = CaptureFacts(packets)
        let tied = Set(capture.dialogues.filter { $0.closer == nil }.map(\.port))
        let expected = CaptureFacts(capture.segments.packets()).withoutCloser(of: tied)
        var checked = CheckedCapture(property: "mangled", packets: packets)
        checked.note(facts.withoutCloser(of: tied).difference(from: expected))
        checked.faults += facts.brokenTimes
        return checked
    }

    /// Nor do link layers, tunnels, fragments and file formats.
    static func reencapsulated(_ seed: Int) throws -> CheckedCapture {
        var generator = SeededGenerator(seed: 2_000_000 + seed)
        let capture = RandomCapture(&generator, segmentLimit: 60_000)
        let packets = Reencapsulation(&generator).packets(capture.segments)
        let facts = try CaptureFacts(FileForm(&generator).file(packets))
        var checked = CheckedCapture(property: "reencapsulated", packets: packets)
        checked.expect(facts.errors.isEmpty, "\(facts.errors)")
        return checked.expectingAll(of: capture, in: facts)
    }

    /// Frames, messages and faults are those of the plan.
    private func expectingAll(of capture: RandomCapture, in facts: CaptureFacts) -> CheckedCapture {
        var checked = self
        checked.expect(facts.peers.isSubset(of: capture.peers), "frames of \(facts.peers.subtracting(capture.peers))")
        for dialogue in capture.dialogues {
            let port = dialogue.port
            for sender in Sender.allCases {
                let peer = SendingPeer(port: port, sender: sender)
                let (frames, messages) = (dialogue.frames(from: sender).map(\.facts), dialogue.messages(from: sender))
                checked.note(firstDifference(facts.frames(of: peer), frames), "\(peer): ")
                checked.note(firstDifference(facts.messages(of: peer), messages), "\(peer): ")
            }
            let verdicts = [Verdict](repeating: .refused, count: dialogue.refusals) + [.valid]
            checked.note(firstDifference(facts.verdicts[port] ?? [], verdicts), "\(port): ")
            let ends = facts.ends[port] ?? []
            let isWhole = ends.count == 1 && ends.allSatisfy { $0.missing == [0, 0] && $0.undecoded == [0, 0] }
            checked.expect(isWhole, "\(port): \(ends)")
            checked.expect(dialogue.closer == nil || ends.first?.initiator == dialogue.closer, "\(port) ended \(ends)")
        }
        checked.note(firstDifference(facts.accusations, capture.faults))
        checked.faults += facts.brokenTimes
        return checked
    }
}
