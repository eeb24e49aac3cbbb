/// Mostly flows that are no WebSocket connections, and now and then a chat among them.
struct NoiseScenario: Scenario {
    var longestPause: UInt64 { 100 }

    func run(size: Int, in wire: inout Wire) {
        let flowLimit = scale(17_000, to: size, minimum: 20)
        let simultaneousFlows = scale(1000, to: size, minimum: 4)
        let chatLimit = max(1, flowLimit / 100)
        var chats = ConnectionSet(limit: chatLimit) { ChatTraffic() }
        var chatPackets = 0
        var flows: [NoiseFlow] = []
        var started = chatLimit
        while started < flowLimit || !flows.isEmpty {
            let packets = wire.file.packets
            if chatPackets * 20 < packets {
                chats.step(in: &wire)
                chatPackets += wire.file.packets - packets
                continue
            }
            if started < flowLimit, flows.count < simultaneousFlows {
                // What is left, shared among the flows to come, so that the capture gets as long as it should.
                let promised = flows.reduce(0) { $0 + max(0, $1.budget) }
                let share = max(0, size - wire.file.size - promised - chats.closingSize) / (flowLimit - started)
                let budget = share / 2 + wire.random.next(below: share + 1)
                flows.append(NoiseFlow(number: started, budget: budget, random: &wire.random))
                started += 1
            }
            flows.stepAny(in: &wire)
        }
        chats.finish(in: &wire)
    }
}
