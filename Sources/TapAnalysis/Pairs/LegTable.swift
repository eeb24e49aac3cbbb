/// Legs by the numbers of their connections. Each frame is looked up here, so there is no hash but a product.
struct LegTable {
    /// Linear probing; twice as many as there may be.
    private var slots: [TracedLeg?] = []
    private(set) var count = 0
    private let limit: Int

    /// - Parameter limit: how many there may be; a power of two.
    init(limit: Int) { self.limit = limit }

    var isFull: Bool { count >= limit }
    var isEmpty: Bool { count == 0 }

    /// All of them.
    var all: [TracedLeg] { count > 0 ? slots.compactMap(\.self) : [] }

    subscript(_ number: Int) -> TracedLeg? {
        guard count > 0 else { return nil }
        var slot = place(of: number)
        while let leg = slots[slot] {
            if leg.connection == number { return leg }
            slot = next(slot)
        }
        return nil
    }

    /// Adds one that is not in it.
    mutating func insert(_ leg: TracedLeg) {
        if slots.isEmpty { slots = Array(repeating: nil, count: 2 * limit) }
        var slot = place(of: leg.connection)
        while slots[slot] != nil { slot = next(slot) }
        slots[slot] = leg
        count += 1
    }

    /// Takes one out, and puts what stands behind it where it is found again.
    mutating func remove(_ leg: TracedLeg) {
        guard count > 0 else { return }
        var slot = place(of: leg.connection)
        while let found = slots[slot], found !== leg { slot = next(slot) }
        guard slots[slot] != nil else { return }
        slots[slot] = nil
        count -= 1
        slot = next(slot)
        while let moved = slots[slot] {
            slots[slot] = nil
            count -= 1
            insert(moved)
            slot = next(slot)
        }
    }

    private func place(of number: Int) -> Int {
        let product = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: product >> 32) & (slots.count - 1)
    }

    private func next(_ slot: Int) -> Int { (slot + 1) & (slots.count - 1) }
}
