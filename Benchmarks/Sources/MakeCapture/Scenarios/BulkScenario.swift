/// Few connections with large messages.
struct BulkScenario: Scenario {
    static let usualLengths = 16 << 10...1 << 20

    /// How many connections there are; `nil` for a number that suits the length of the capture.
    let flows: Int?
    /// How long messages are; `nil` for what leaves room for some of them on each connection.
    let payloadLengths: ClosedRange<Int>?

    var longestPause: UInt64 { 40 }

    func run(size: Int, in wire: inout Wire) {
        let limit = flows ?? min(50, max(2, size / 2_000_000))
        let usual = Self.usualLengths
        let longestPayload =
            payloadLengths?.upperBound ?? min(usual.upperBound, max(usual.lowerBound, size / limit / 8))
        let lengths = payloadLengths ?? usual
        var connections = ConnectionSet(limit: limit) { _ in
            BulkTraffic(payloadLengths: lengths, longestPayload: longestPayload)
        }
        while wire.size + wire.queuedBytes + connections.closingSize < size {
            connections.step(in: &wire)
        }
        if flows != nil { connections.openAll(in: &wire) }
        connections.finish(in: &wire)
    }
}
