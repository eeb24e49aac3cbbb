/// Mostly flows that are no WebSocket connections, and now and then a chat among them.
struct MixedScenario: Scenario {
    /// How many flows a capture of 500 MB holds, and how many of them at once.
    private let usualFlows: (all: Int, simultaneous: Int)
    /// How many flows there are; `nil` for a number that suits the length of the capture.
    private let flows: Int?
    /// How many of a hundred packets belong to chats.
    private let webSocketPercent: Int
    private let mix: FlowMix
    /// What a flow takes beyond its budget, to finish what it has begun, unless later flows get so much less.
    private var overrun = 0

    var longestPause: UInt64 { 100 }

    static func noise(flows: Int?, bodyLengths: ClosedRange<Int>) -> MixedScenario {
        let mix = FlowMix([(.web(bodyLengths), 2), (.tunnel, 2), (.encrypted, 6)])
        return MixedScenario(usualFlows: (17_000, 1000), flows: flows, webSocketPercent: 5, mix: mix)
    }

    /// All flows at once, so that a packet seldom belongs to a flow that was seen lately.
    static func crowd(flows: Int?, bodyLengths: ClosedRange<Int>) -> MixedScenario {
        let mix = FlowMix([
            (.web(bodyLengths), 35), (.encrypted, 35), (.database, 15),
            (.quic(40...1350), 5), (.names, 5), (.tunnel, 5),
        ])
        return MixedScenario(
            usualFlows: (20_000, 20_000), flows: flows, webSocketPercent: 5, mix: mix,
            overrun: bodyLengths.upperBound / 4)
    }

    static func udp(flows: Int?, datagramLengths: ClosedRange<Int>) -> MixedScenario {
        let mix = FlowMix([(.names, 60), (.quic(datagramLengths), 25), (.media, 10), (.tunnel, 5)])
        return MixedScenario(usualFlows: (20_000, 1000), flows: flows, webSocketPercent: 1, mix: mix)
    }

    func run(size: Int, in wire: inout Wire) {
        let limit = flows ?? scale(usualFlows.all, to: size, minimum: 20)
        let simultaneous =
            flows.map { max(4, $0 * usualFlows.simultaneous / usualFlows.all) }
            ?? scale(usualFlows.simultaneous, to: size, minimum: 4)
        let chatLimit = max(1, limit / 100)
        var chats = ConnectionSet(limit: chatLimit) { _ in ChatTraffic(payloadLengths: 14...290) }
        var chatPackets = 0
        var others = FlowSet()
        var started = chatLimit
        while started < limit || !others.isEmpty {
            let packets = wire.file.packets
            if chatPackets * 100 < packets * webSocketPercent {
                chats.step(in: &wire)
                chatPackets += wire.file.packets - packets
                continue
            }
            if started < limit, others.count < simultaneous {
                // What is left, shared among the lasting flows to come, so that the capture gets as long as it should.
                let promised = others.promisedBytes + others.count * overrun + chats.closingSize
                let left = max(0, size - wire.file.size - promised)
                let lasting = left * mix.allParts / ((limit - started) * mix.lastingParts)
                let share = max(0, min(left, lasting) - overrun)
                let budget = share / 2 + wire.random.next(below: share + 1)
                let conversation = mix.makeConversation(number: started, random: &wire.random)
                others.append(NoiseFlow(conversation, budget: budget))
                started += 1
            }
            others.stepAny(in: &wire)
        }
        if flows != nil { chats.openAll(in: &wire) }
        chats.finish(in: &wire)
    }
}
