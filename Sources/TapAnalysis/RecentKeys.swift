import TapCore

/// The keys of recent handshakes, to notice one that is used again. RFC 6455 §4.1 wants a new one each time.
///
/// Only the same client and server count: a proxy passes its client's key on to another server, rightly.
struct RecentKeys {
    private struct Entry {
        /// The key, with the ports of who used it first.
        let key: SentKey
        /// Who used it last.
        var port: UInt16
        var connection: Int
    }

    /// Handshakes that are remembered.
    static let limit = 4_096

    /// The latest, in a ring.
    private var entries: [Entry] = []
    private var oldest = 0
    /// The hashes of the same, which lie closer together.
    private var hashes: [UInt64] = []
    /// By the hash, with linear probing: the place in the ring, or −1. A dictionary would hash each hash once more.
    private var table = [Int16](repeating: -1, count: RecentKeys.limit * 4)
    /// Against keys that are chosen to have the same hash.
    private let seed = HashSeed.ofProcess

    /// Notes a key; answers the connection that used it last, unless that is the same TCP connection, where a client
    /// that was refused may only ask again.
    mutating func note(_ key: SentKey, in connection: Int) -> Int? {
        let hash = hash(of: key)
        var slot = first(hash)
        while table[slot] >= 0 {
            let place = Int(table[slot])
            if hashes[place] == hash, entries[place].key.isSame(as: key) {
                let earlier = entries[place]
                (entries[place].port, entries[place].connection) = (key.client.port, connection)
                return earlier.port == key.client.port ? nil : earlier.connection
            }
            slot = next(slot)
        }
        insert(keep(Entry(key: key, port: key.client.port, connection: connection), hash))
        return nil
    }

    /// Of a key between two peers, whatever the client's port.
    private func hash(of key: SentKey) -> UInt64 {
        var hash = FlowKey(Endpoint(address: key.client.address, port: 0), key.server).hash(seed: seed)
        for index in key.words.indices { hash = FlowKey.mix(hash ^ key.words[index], ~seed) }
        return hash
    }

    private func first(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (table.count - 1) }

    private func next(_ slot: Int) -> Int { (slot + 1) & (table.count - 1) }

    /// Keeps an entry in the place of the oldest, once there are as many as may be; answers its place.
    private mutating func keep(_ entry: Entry, _ hash: UInt64) -> Int {
        guard entries.count == RecentKeys.limit else {
            entries.append(entry)
            hashes.append(hash)
            return entries.count - 1
        }
        let place = oldest
        remove(place)
        (entries[place], hashes[place]) = (entry, hash)
        oldest = (oldest + 1) % RecentKeys.limit
        return place
    }

    private mutating func insert(_ place: Int) {
        var slot = first(hashes[place])
        while table[slot] >= 0 { slot = next(slot) }
        table[slot] = Int16(place)
    }

    /// Takes an entry out of the table, and puts what stands behind it where it is found again.
    private mutating func remove(_ place: Int) {
        var slot = first(hashes[place])
        while table[slot] != Int16(place) { slot = next(slot) }
        table[slot] = -1
        slot = next(slot)
        while table[slot] >= 0 {
            let other = Int(table[slot])
            table[slot] = -1
            insert(other)
            slot = next(slot)
        }
    }
}
