/// As many connections as there is room for, that fall silent once they have said a few things and are never closed.
struct IdleScenario: Scenario {
    private static let simultaneousConnections = 200

    let payloadLengths: ClosedRange<Int>

    var longestPause: UInt64 { 60 }

    func run(size: Int, in wire: inout Wire) {
        var started = 0
        var speaking: [WebSocketConnection<HeartbeatTraffic>] = []
        while wire.size < size || !speaking.isEmpty {
            if wire.size < size, speaking.count < Self.simultaneousConnections {
                let traffic = HeartbeatTraffic(payloadLengths: payloadLengths)
                speaking.append(WebSocketConnection(number: started, traffic: traffic, in: &wire))
                started += 1
            }
            let index = wire.random.next(below: speaking.count)
            speaking[index].step(in: &wire)
            if speaking[index].isSilent {
                speaking.swapAt(index, speaking.count - 1)
                speaking.removeLast()
            }
        }
    }
}
