import TapTestSupport
import TapWebSocket

/// What the peers say.
extension RandomDialogue {
    /// Up to 200 frames, of which few are long where there are many.
    mutating func talk(_ generator: inout SeededGenerator) {
        var budget = generator.oneIn(10) ? 150_000 : 8_000
        var rest = generator.magnitude(upTo: generator.oneIn(5) ? 200 : 25)
        while rest > 0 {
            let sender: Sender = generator.oneIn(2) ? .client : .server
            fill(sender, budget: budget, &generator)
            let burst = take(sender, &generator)
            rest -= burst.count
            budget = max(0, budget - burst.reduce(0) { $0 + $1.frame.payload.count })
            if generator.oneIn(6) {
                fill(sender.peer, budget: budget, &generator)
                cross(burst, from: sender, &generator)
            } else {
                send(burst, from: sender, &generator, isAcknowledged: !generator.oneIn(4))
            }
        }
    }

    /// Both send at once: neither has what the other sends.
    private mutating func cross(_ burst: [Queued], from sender: Sender, _ generator: inout SeededGenerator) {
        let known = conversation.next[sender]
        let answer = take(sender.peer, &generator)
        send(burst, from: sender, &generator, isAcknowledged: false)
        let start = conversation.segments.count
        send(answer, from: sender.peer, &generator, isAcknowledged: false)
        forget(from: start, known, by: sender.peer)
        conversation.acknowledge(from: sender)
        conversation.acknowledge(from: sender.peer)
    }

    /// Makes sure that a peer has something to say.
    mutating func fill(_ sender: Sender, budget: Int = 2_000, _ generator: inout SeededGenerator) {
        guard queues[sender, default: []].isEmpty else { return }
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            queues[sender, default: []] += next(from: sender, budget: budget, &generator)
        }
    }

    /// Takes the first frames of those that a peer has to say; there is one at least.
    mutating func take(_ sender: Sender, _ generator: inout SeededGenerator) -> [Queued] {
        let queue = queues[sender, default: []]
        let count = min(queue.count, Int.random(in: 1...4, using: &generator))
        queues[sender] = Array(queue.dropFirst(count))
        return Array(queue.prefix(count))
    }

    private func next(from sender: Sender, budget: Int, _ generator: inout SeededGenerator) -> [Queued] {
        if generator.oneIn(8) { return [control(from: sender, &generator)] }
        let content = RandomContent.allCases.randomElement(using: &generator) ?? .chance
        let kind: Opcode = content.isText ? .text : .binary
        let length = generator.oneIn(12) ? 0 : generator.magnitude(upTo: min(70_000, budget + 125))
        let plain = content.bytes(length, &generator)
        let deflater = generator.oneIn(4) ? nil : deflaters[sender]
        let wire = deflater?.message(plain) ?? plain
        let cuts = generator.oneIn(4) ? (0..<Int.random(in: 1...5, using: &generator)) : 0..<0
        let places = cuts.map { _ in Int.random(in: 0...wire.count, using: &generator) }.sorted()
        var queued: [Queued] = []
        for (index, piece) in CutVerifier.pieces(of: wire, cutAt: places).enumerated() {
            var item = frame(index == 0 ? kind : .continuation, piece, from: sender, &generator)
            var frame = item.frame
            frame.isFinal = index == places.count
            if index == 0, deflater != nil { frame = frame.compressed }
            item = Queued(frame: frame, message: frame.isFinal ? MessageFacts(kind: kind, payload: plain) : nil)
            queued.append(item)
            if !frame.isFinal, generator.oneIn(3) { queued.append(control(from: sender, &generator)) }
        }
        return queued
    }

    /// A ping, or a pong that answers none.
    private func control(from sender: Sender, _ generator: inout SeededGenerator) -> Queued {
        let content: RandomContent = generator.oneIn(2) ? .chance : .zeros
        let payload = content.bytes(generator.length(upTo: 125), &generator)
        return frame(generator.oneIn(4) ? .pong : .ping, payload, from: sender, &generator)
    }
}
