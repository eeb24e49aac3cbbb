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
            close(sender.peer, &generator)
            finish(last)
            finish(last.peer)
        case .closedWithFIN:
            close(sender, &generator)
            let answer = bytes(of: [closeFrame(sender.peer, &generator)], from: sender.peer)
            finish(sender.peer, with: answer)
            finish(sender)
        case .closedByBoth:
            closer = nil
            let known = conversation.next[sender]
            close(sender, &generator, isAcknowledged: false)
            let start = conversation.segments.count
            close(sender.peer, &generator, isAcknowledged: false)
            forget(from: start, known, by: sender.peer)
            conversation.acknowledge(from: sender)
            finish(last)
            finish(last.peer)
        case .closedAndReset:
            close(sender, &generator)
            close(sender.peer, &generator)
            conversation.reset(from: last)
        case .fin:
            accuse(sender, .closeMissing)
            finish(sender)
            finish(sender.peer)
        case .reset:
            accuse(sender, .closeMissing)
            conversation.reset(from: sender)
        case .unanswered:
            accuse(sender.peer, .closeUnanswered)
            close(sender, &generator)
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

    private func closeFrame(_ sender: Sender, _ generator: inout SeededGenerator) -> Queued {
        let codes: [UInt16] = [1000, 1001, 3000, 4999]
        let reason = Array(["", "bye", "né"].randomElement(using: &generator)?.utf8 ?? "".utf8)
        let body = generator.oneIn(4) ? [] : bigEndian(codes.randomElement(using: &generator) ?? 1000) + reason
        return frame(.close, body, from: sender, &generator)
    }

    private mutating func close(
        _ sender: Sender, _ generator: inout SeededGenerator, isAcknowledged: Bool = true
    ) {
        send([closeFrame(sender, &generator)], from: sender, &generator, isAcknowledged: isAcknowledged)
    }
}
