/// Many connections with small messages.
struct ChatScenario: Scenario {
    let compresses: Bool

    var longestPause: UInt64 { 150 }

    func run(size: Int, in wire: inout Wire) {
        let limit = min(2000, max(4, size / 50_000))
        var connections = ConnectionSet(limit: limit, compresses: compresses) { ChatTraffic() }
        while wire.file.size + connections.closingSize < size {
            connections.step(in: &wire)
        }
        connections.finish(in: &wire)
    }
}
