/// Many connections that stay open, and speak in turns that chance decides, until the capture is long enough.
struct SteadyScenario<Traffic: WebSocketTraffic>: Scenario {
    private let flows: Int?
    private let compresses: Bool
    private let makeTraffic: (Int) -> Traffic

    var longestPause: UInt64 { 150 }

    /// - Parameters:
    ///   - flows: how many connections there are; `nil` for a number that suits the length of the capture.
    ///   - makeTraffic: what the connection of a number sends.
    init(flows: Int?, compresses: Bool = false, makeTraffic: @escaping (Int) -> Traffic) {
        self.flows = flows
        self.compresses = compresses
        self.makeTraffic = makeTraffic
    }

    func run(size: Int, in wire: inout Wire) {
        let limit = flows ?? min(2000, max(4, size / 50_000))
        var connections = ConnectionSet(limit: limit, compresses: compresses, makeTraffic: makeTraffic)
        while wire.size + connections.closingSize < size {
            connections.step(in: &wire)
        }
        if flows != nil { connections.openAll(in: &wire) }
        connections.finish(in: &wire)
    }
}
