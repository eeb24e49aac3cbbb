/// Room for payload on its way into inflation, and out of it. Taken out of the context for as long as it is used.
struct InflationRoom {
    var unmasked: [UInt8] = []
    var inflated: [UInt8] = []
    private static let inflatedAtOnce = 32 << 10

    mutating func makeReady() {
        if inflated.isEmpty { inflated = [UInt8](repeating: 0, count: InflationRoom.inflatedAtOnce) }
        unmasked.removeAll(keepingCapacity: true)
    }
}
