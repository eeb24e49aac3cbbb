import TapTestSupport
import TapWebSocket

/// How a connection ends.
extension RandomDialogue {
    private enum Ending: CaseIterable {
        case closed, closedWithFIN, closedByBoth, closedAndReset, fin, reset, unanswered, unfinished, open
    }

    mutating func end(_ generator: inout SeededGenerator) {
        let sender: Sender = generator.oneIn(2) ? .client : .server
        let last: Sender = generator.oneIn(2) ? .client : .server
        let ending: Ending = generator.oneIn(2) ? .closed : Ending.allCases.randomElement(using: &generator) ?? .closed
        flush(&generator)
        closer = sender
        switch ending {
        case .closed:
            close(sender, &generator)
            answer(sender.peer, &generator)
            finish(last)
            finish(last.peer)
        case .closedWithFIN:
            close(sender, &generator)
            let answer = bytes(
                of: [closeFrame(sender.peer, RandomDialogue.code(&generator), &generator)], from: sender.peer)
            finish(sender.peer, with: answer)
            finish(sender)
        case .closedByBoth:
            closer = nil
            let known = conversation.next[sender]
            // Whose came first may not be clear, so they say nothing that somebody is named for.
            send([closeFrame(sender, 1000, &generator)], from: sender, &generator, isAcknowledged: false)
            let start = conversation.segments.count
            send([closeFrame(sender.peer, 1001, &generator)], from: sender.peer, &generator, isAcknowledged: false)
            forget(from: start, known, by: sender.peer)
            conversation.acknowledge(from: sender)
            finish(last)
            finish(last.peer)
        case .closedAndReset:
            close(sender, &generator)
            answer(sender.peer, &generator)
            conversation.reset(from: last)
        case .fin:
            accuse(sender, .closeMissing)
            finish(sender)
            finish(sender.peer)
        case .reset:
            accuse(sender, .closeMissing)
            conversation.reset(from: sender)
        case .unanswered:
            close(sender, &generator)
            accuse(sender.peer, .closeUnanswered)
            finish(sender.peer)
            finish(sender)
        case .unfinished:
            accuse(sender, .messageUnfinished)
            accuse(sender, .closeMissing)
            let begun = frame(.binary, generator.fastBytes(generator.length(upTo: 300)), from: sender, &generator).frame
            send([Queued(frame: begun.unfinished)], from: sender, &generator)
            finish(sender)
            finish(sender.peer)
        case .open:
            closer = nil
        }
    }

    /// Ends all messages, and answers all pings.
    private mutating func flush(_ generator: inout SeededGenerator) {
        while let sender = Sender.allCases.first(where: { queues[$0]?.isEmpty == false }) {
            let rest = queues[sender] ?? []
            queues[sender] = []
            send(rest, from: sender, &generator)
        }
    }

    private func closeFrame(_ sender: Sender, _ code: UInt16?, _ generator: inout SeededGenerator) -> Queued {
        let reason = Array(["", "bye", "né"].randomElement(using: &generator)?.utf8 ?? "".utf8)
        return frame(.close, code.map { bigEndian($0) + reason } ?? [], from: sender, &generator)
    }

    private static func code(_ generator: inout SeededGenerator) -> UInt16? {
        let codes: [UInt16] = [1000, 1001, 1002, 1011, 3000, 4999]
        return generator.oneIn(4) ? nil : codes.randomElement(using: &generator)
    }

    /// Sends the first close frame, which may say that something failed.
    private mutating func close(_ sender: Sender, _ generator: inout SeededGenerator) {
        let code = RandomDialogue.code(&generator)
        if let code, code > 1001 { accuse(sender, .closeAbnormal) }
        send([closeFrame(sender, code, &generator)], from: sender, &generator)
    }

    /// Sends the second one, which need not say the same.
    private mutating func answer(_ sender: Sender, _ generator: inout SeededGenerator) {
        send([closeFrame(sender, RandomDialogue.code(&generator), &generator)], from: sender, &generator)
    }
}
