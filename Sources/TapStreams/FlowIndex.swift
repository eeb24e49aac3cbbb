import TapPackets

/// A hash table from flow keys to places in the flow table: open addressing, linear probing, a seed against chosen collisions.
@usableFromInline
struct FlowIndex {
    @usableFromInline var places = [Int32](repeating: FlowIndex.empty, count: 64)
    /// The hash of the key at each place, which spares most looks at the flow itself.
    @usableFromInline var hashes = [UInt32](repeating: 0, count: 64)
    private var count = 0
    @usableFromInline let seed = UInt64.random(in: .min ... .max)

    @inlinable static var empty: Int32 { -1 }

    init() {}

    @inlinable var mask: Int { places.count &- 1 }

    /// The place of the first flow with this key that fits.
    @inlinable
    func find(_ key: FlowKey, in flows: [TCPFlow], where fits: (borrowing TCPFlow) -> Bool) -> Int? {
        let hash = UInt32(truncatingIfNeeded: key.hash(seed: seed))
        var slot = Int(hash) & mask
        while places[slot] != FlowIndex.empty {
            let place = Int(places[slot])
            if hashes[slot] == hash, flows[place].key == key, fits(flows[place]) { return place }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    /// Adds a flow; flows of several networks may have the same key.
    @usableFromInline
    mutating func insert(_ key: FlowKey, at place: Int) {
        if count * 2 >= places.count { grow() }
        put(Int32(place), hash: UInt32(truncatingIfNeeded: key.hash(seed: seed)))
        count += 1
    }

    @usableFromInline
    mutating func remove(_ key: FlowKey, at place: Int) {
        var slot = Int(UInt32(truncatingIfNeeded: key.hash(seed: seed))) & mask
        while places[slot] != Int32(place) {
            guard places[slot] != FlowIndex.empty else { return }
            slot = (slot + 1) & mask
        }
        places[slot] = FlowIndex.empty
        count -= 1
        closeGap(after: slot)
    }

    /// Puts the entries behind a freed slot where a search finds them again.
    private mutating func closeGap(after freed: Int) {
        var slot = (freed + 1) & mask
        while places[slot] != FlowIndex.empty {
            let place = places[slot]
            places[slot] = FlowIndex.empty
            put(place, hash: hashes[slot])
            slot = (slot + 1) & mask
        }
    }

    private mutating func put(_ place: Int32, hash: UInt32) {
        var slot = Int(hash) & mask
        while places[slot] != FlowIndex.empty { slot = (slot + 1) & mask }
        places[slot] = place
        hashes[slot] = hash
    }

    private mutating func grow() {
        let (oldPlaces, oldHashes) = (places, hashes)
        places = Array(repeating: FlowIndex.empty, count: oldPlaces.count * 2)
        hashes = Array(repeating: 0, count: oldPlaces.count * 2)
        for (place, hash) in zip(oldPlaces, oldHashes) where place != FlowIndex.empty { put(place, hash: hash) }
    }
}
