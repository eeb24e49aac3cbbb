import TapCore
import TapTestSupport
import TapWebSocket

/// What a capture holds of one direction, by somebody who knows what was sent.
struct DirectionTruth {
    let frames: [RandomDialogue.SentFrame]
    private let headEnd: Int
    let captured: Coverage
    /// Whether the SYN was captured, so that bytes before the first captured one can be counted.
    let isStartKnown: Bool
    /// How many bytes are missing before the last that the capture shows to have been sent.
    let missing: ClosedRange<Int>

    init(of sender: Sender, in dialogue: RandomDialogue, _ segments: [ScriptedSegment]) {
        frames = dialogue.frames(from: sender)
        headEnd = dialogue.headEnds[sender] ?? 0
        let own = segments.filter { $0.sender == sender && $0.clientPort == dialogue.port }
        let others = segments.filter {
            $0.sender == sender.peer && $0.clientPort == dialogue.port && $0.flags.contains(.ack)
        }
        isStartKnown = own.contains { $0.flags.contains(.syn) }
        func coverage(_ segments: [ScriptedSegment]) -> Coverage {
            Coverage(
                segments.map { $0.range(in: dialogue).prefix($0.capturedLength) }.map { $0.startIndex..<$0.endIndex })
        }
        // The byte of a keep-alive probe is garbage, which may look like the one that is missing there.
        captured = coverage(own.filter { !$0.isProbe })
        let apparent = coverage(own)
        let end = dialogue.sent[sender] ?? 0
        let acknowledged = others.map { dialogue.offset(of: $0.acknowledgmentNumber, from: sender) }.max() ?? 0
        let sent = own.filter { !$0.payload.isEmpty || $0.flags.contains(.fin) }.map {
            $0.range(in: dialogue).upperBound
        }
        let certain = max(min(end, acknowledged), sent.max() ?? 0)
        // A RST, or an acknowledgment of its own that stands ahead of what it sent, may be anybody's.
        let claimed =
            own.filter { !$0.flags.contains(.syn) }.map { min(end, $0.range(in: dialogue).upperBound) }.max() ?? 0
        let possible = max(certain, claimed)
        // Of a number that nothing but an acknowledgment shows nobody can tell that it is a FIN's, or the last byte's.
        let isFINUnseen = !own.contains { $0.flags.contains(.fin) }
        let isFINLost = acknowledged > end && isFINUnseen
        let isLastLost = acknowledged == end && isFINUnseen && end > 0 && !captured.holds(end - 1..<end)
        let least = certain - apparent.count(before: certain) - (isLastLost ? 1 : 0)
        missing = least...max(least, possible - captured.count(before: possible) + (isFINLost ? 1 : 0))
    }

    /// Whether the last head was captured, and all before it.
    var isHeadWhole: Bool { isStartKnown && captured.holds(0..<headEnd) }

    /// Which frames must be decoded: those that are whole, and that lie where frame boundaries are known, or behind a frame
    /// that is certain.
    var expected: [Bool] {
        var isInStep = isHeadWhole
        return frames.indices.map { index in
            let frame = frames[index]
            let isWhole = captured.holds(frame.range)
            defer {
                if isInStep { isInStep = captured.holds(frame.header) } else { isInStep = isWhole && isCertain(index) }
            }
            return isInStep && isWhole
        }
    }

    var isCertainSomewhere: Bool { frames.indices.contains { isCertain($0) } }

    /// Whether what was captured from a frame on can be nothing but frames. Each fact is worth some bits, as the chance is
    /// that other bytes have it; what only repeats the frame before is worth nothing.
    private func isCertain(_ index: Int) -> Bool {
        var bits = 0
        var last: FrameFacts?
        for frame in frames[index...] {
            guard captured.holds(frame.range), bits < DirectionTruth.certainBits else { break }
            let facts = frame.facts
            defer { last = facts }
            if last == facts || (facts.payload.isPeriodic && facts.length == last?.length) { continue }
            bits += 4 + (facts.length > 0xFFFF ? 28 : 0)
            if facts.opcode == .text, facts.reservedBits == 0, !facts.payload.isPeriodic {
                bits += facts.payload.prefix(24).count { (0x20..<0x7F).contains($0) }
            }
        }
        return bits >= DirectionTruth.certainBits
    }

    private static let certainBits = 64
}

extension ScriptedSegment {
    /// Whether it is a keep-alive probe with a byte: what was sent comes with PSH.
    fileprivate var isProbe: Bool { payload.count == 1 && flags == [.ack] }
}

extension [UInt8] {
    /// Whether it repeats its first bytes, up to 32 of them.
    fileprivate var isPeriodic: Bool {
        guard count > 2 else { return true }
        return (1...32).contains { period in
            count >= 2 * period && (period..<Swift.min(count, 200)).allSatisfy { self[$0] == self[$0 - period] }
        }
    }
}

extension RandomDialogue {
    /// Where a sequence number lies in the stream of its sender, whose first byte follows its SYN.
    func offset(of number: SequenceNumber, from sender: Sender) -> Int {
        let syn = segments.first { $0.sender == sender && $0.flags.contains(.syn) }
        return syn?.sequenceNumber.advanced(by: 1).distance(to: number) ?? 0
    }
}
