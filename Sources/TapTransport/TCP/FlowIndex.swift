import TapCore

/// A hash table from flow keys and networks to places in the flow table: open addressing, linear probing, a seed against
/// chosen collisions.
@usableFromInline
struct FlowIndex {
    /// A place, and the hash of the key there, which spares most looks at the flow itself.
    @usableFromInline
    struct Slot {
        @usableFromInline let place: Int32
        @usableFromInline let hash: UInt32

        @inlinable static var empty: Slot { Slot(place: -1, hash: 0) }

        @inlinable
        init(place: Int32, hash: UInt32) {
            self.place = place
            self.hash = hash
        }

        @inlinable var isEmpty: Bool { place < 0 }
    }

    @usableFromInline var slots = [Slot](repeating: .empty, count: 64)
    private var count = 0
    @usableFromInline let seed = HashSeed.ofProcess

    init() {}

    @inlinable var mask: Int { slots.count &- 1 }

    @usableFromInline var isEmpty: Bool { count == 0 }

    /// The place of the first flow with this key in a network that fits.
    @inlinable
    func find(
        _ key: FlowKey, in network: NetworkID, of flows: borrowing ChunkedArray<TCPFlow>,
        where fits: (borrowing TCPFlow) -> Bool
    ) -> Int? {
        let hash = hash(key, network)
        var index = Int(hash) & mask
        while true {
            let slot = slots[index]
            if slot.isEmpty { return nil }
            let place = Int(slot.place)
            if slot.hash == hash, flows[place].key == key, fits(flows[place]) { return place }
            index = (index &+ 1) & mask
        }
    }

    @inlinable
    @inline(__always)
    func hash(_ key: FlowKey, _ network: NetworkID) -> UInt32 {
        UInt32(truncatingIfNeeded: key.hash(seed: seed, in: network))
    }

    /// Adds a flow, which may be there for another network already.
    @usableFromInline
    mutating func insert(_ key: FlowKey, in network: NetworkID, at place: Int) {
        // As full as searches stay short: what does not fit into the nearest cache costs more.
        if count * 8 >= slots.count * 5 { grow() }
        put(Slot(place: Int32(place), hash: hash(key, network)))
        count += 1
    }

    @usableFromInline
    mutating func remove(_ key: FlowKey, in network: NetworkID, at place: Int) {
        let hash = hash(key, network)
        var index = Int(hash) & mask
        while slots[index].place != Int32(place) || slots[index].hash != hash {
            guard !slots[index].isEmpty else { return }
            index = (index + 1) & mask
        }
        slots[index] = .empty
        count -= 1
        closeGap(after: index)
    }

    /// Puts the entries behind a freed slot where a search finds them again.
    private mutating func closeGap(after freed: Int) {
        var index = (freed + 1) & mask
        while !slots[index].isEmpty {
            let slot = slots[index]
            slots[index] = .empty
            put(slot)
            index = (index + 1) & mask
        }
    }

    private mutating func put(_ slot: Slot) {
        var index = Int(slot.hash) & mask
        while !slots[index].isEmpty { index = (index + 1) & mask }
        slots[index] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: .empty, count: old.count * 2)
        for slot in old where !slot.isEmpty { put(slot) }
    }
}
