/// Very many connections that end as soon as they have said two things.
struct ChurnScenario: Scenario {
    private static let simultaneousConnections = 200

    /// What a connection takes beside its two payloads.
    private static let bareConnection = 1920

    let payloadLengths: ClosedRange<Int>

    var longestPause: UInt64 { 60 }

    func run(size: Int, in wire: inout Wire) {
        // 200,000 connections of the usual lengths take 500 MB, and others as many as fit.
        let usualSize = Self.bareConnection + 14 + 560
        let connectionSize = Self.bareConnection + payloadLengths.lowerBound + payloadLengths.upperBound
        let limit = scale(200_000 * usualSize / connectionSize, to: size, minimum: 1)
        var started = 0
        var connections: [WebSocketConnection<BriefTraffic>] = []
        while started < limit || !connections.isEmpty {
            if started < limit, connections.count < Self.simultaneousConnections {
                let traffic = BriefTraffic(payloadLengths: payloadLengths)
                connections.append(WebSocketConnection(number: started, traffic: traffic, in: &wire))
                started += 1
            }
            connections.stepAny(in: &wire)
        }
    }
}
