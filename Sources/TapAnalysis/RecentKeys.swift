import TapBytes
import TapPackets

/// The keys of recent handshakes, to notice one that is used again. RFC 6455 §4.1 wants a new one each time.
///
/// Only the same client and server count: a proxy passes its client's key on to another server, rightly.
struct RecentKeys {
    /// A key between two peers, whatever the client's port. Its hash is made once: it is looked up, and given up again, for
    /// each handshake.
    private struct Use: Equatable {
        let key: SentKey
        let hash: UInt64

        init(_ key: SentKey, seed: UInt64) {
            var hash = FlowKey(Endpoint(address: key.client.address, port: 0), key.server).hash(seed: seed)
            for index in key.words.indices { hash = FlowKey.mix(hash ^ key.words[index], ~seed) }
            self.key = key
            self.hash = hash
        }

        static func == (left: Use, right: Use) -> Bool {
            left.hash == right.hash && left.key.length == right.key.length
                && left.key.client.address == right.key.client.address && left.key.server == right.key.server
                && left.key.words.indices.allSatisfy { left.key.words[$0] == right.key.words[$0] }
        }
    }

    /// Handshakes that are remembered.
    static let limit = 4_096

    private struct Entry {
        let use: Use
        var port: UInt16
        var connection: Int
    }

    /// The latest, in a ring.
    private var entries: [Entry] = []
    private var oldest = 0
    /// By the hash, with linear probing: the place in the ring, or −1. A dictionary would hash each hash once more.
    private var table = [Int16](repeating: -1, count: RecentKeys.limit * 2)
    /// Against keys that are chosen to have the same hash.
    private let seed = UInt64.random(in: .min ... .max)

    /// Notes a key; answers the connection that used it last, unless that is the same TCP connection, where a client
    /// that was refused may only ask again.
    mutating func note(_ key: SentKey, in connection: Int) -> Int? {
        let use = Use(key, seed: seed)
        let place = Int(table[slot(of: use)])
        guard place >= 0 else {
            let kept = keep(Entry(use: use, port: key.client.port, connection: connection))
            table[slot(of: use)] = Int16(kept)
            return nil
        }
        let earlier = entries[place]
        (entries[place].port, entries[place].connection) = (key.client.port, connection)
        return earlier.port == key.client.port ? nil : earlier.connection
    }

    /// Keeps an entry in the place of the oldest, once there are as many as may be; answers its place.
    private mutating func keep(_ entry: Entry) -> Int {
        guard entries.count == RecentKeys.limit else {
            entries.append(entry)
            return entries.count - 1
        }
        let place = oldest
        remove(from: slot(of: entries[place].use))
        entries[place] = entry
        oldest = (oldest + 1) % RecentKeys.limit
        return place
    }

    /// Empties a slot, and puts what stands behind it where it is found again.
    private mutating func remove(from slot: Int) {
        table[slot] = -1
        var next = (slot + 1) & (table.count - 1)
        while table[next] >= 0 {
            let place = table[next]
            table[next] = -1
            table[self.slot(of: entries[Int(place)].use)] = place
            next = (next + 1) & (table.count - 1)
        }
    }

    /// Where a key stands in the table, or is to stand.
    private func slot(of use: Use) -> Int {
        var slot = Int(truncatingIfNeeded: use.hash) & (table.count - 1)
        while table[slot] >= 0, entries[Int(table[slot])].use != use { slot = (slot + 1) & (table.count - 1) }
        return slot
    }
}
