/// Very many connections that end as soon as they have said two things.
struct ChurnScenario: Scenario {
    private static let simultaneousConnections = 200

    var longestPause: UInt64 { 60 }

    func run(size: Int, in wire: inout Wire) {
        let limit = scale(200_000, to: size, minimum: 1)
        var started = 0
        var connections: [WebSocketConnection<BriefTraffic>] = []
        while started < limit || !connections.isEmpty {
            if started < limit, connections.count < Self.simultaneousConnections {
                connections.append(WebSocketConnection(number: started, traffic: BriefTraffic(), in: &wire))
                started += 1
            }
            connections.stepAny(in: &wire)
        }
    }
}
