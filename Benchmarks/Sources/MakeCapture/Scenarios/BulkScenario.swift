/// Few connections with large messages.
struct BulkScenario: Scenario {
    private static let shortestPayload = 16 << 10
    private static let longestPayload = 1 << 20

    var longestPause: UInt64 { 40 }

    func run(size: Int, in wire: inout Wire) {
        let limit = min(50, max(2, size / 2_000_000))
        let longestPayload = min(Self.longestPayload, max(Self.shortestPayload, size / limit / 8))
        var connections = ConnectionSet(limit: limit) { BulkTraffic(longestPayload: longestPayload) }
        while wire.file.size + wire.queuedBytes + connections.closingSize < size {
            connections.step(in: &wire)
        }
        connections.finish(in: &wire)
    }
}
