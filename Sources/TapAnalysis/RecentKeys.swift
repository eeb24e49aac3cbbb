import TapBytes
import TapPackets

/// The keys of recent handshakes, to notice one that is used again. RFC 6455 §4.1 wants a new one each time.
///
/// Only the same client and server count: a proxy passes its client's key on to another server, rightly.
struct RecentKeys {
    /// A key between two peers. What they say lies in memory of its own, and its hash is made once: it is looked up, and
    /// given up again, for each handshake.
    private struct Use: Hashable {
        let key: InlineArray<4, UInt64>
        let length: Int
        let client: IPAddress
        let server: Endpoint
        let hash: UInt64

        init?(_ bytes: RawSpan, _ client: Endpoint, _ server: Endpoint, seed: UInt64) {
            guard bytes.byteCount <= Use.longestKey else { return nil }
            var words: InlineArray<4, UInt64> = [0, 0, 0, 0]
            for place in 0..<bytes.byteCount {
                words[place >> 3] = words[place >> 3] << 8 | UInt64(bytes.uint8(at: place))
            }
            var hash = FlowKey(Endpoint(address: client.address, port: 0), server).hash(seed: seed)
            for index in words.indices { hash = FlowKey.mix(hash ^ words[index], ~seed) }
            key = words
            length = bytes.byteCount
            self.client = client.address
            self.server = server
            self.hash = hash
        }

        /// No key that is right is longer.
        private static let longestKey = 32

        static func == (left: Use, right: Use) -> Bool {
            left.hash == right.hash && left.length == right.length && left.client == right.client
                && left.server == right.server && left.key.indices.allSatisfy { left.key[$0] == right.key[$0] }
        }

        func hash(into hasher: inout Hasher) { hasher.combine(hash) }
    }

    /// Handshakes that are remembered.
    static let limit = 4_096

    private struct Last {
        let port: UInt16
        let connection: Int
    }

    private var connections: [Use: Last] = [:]
    private var order: [Use] = []
    private var oldest = 0
    /// Against keys that are chosen to have the same hash.
    private let seed = UInt64.random(in: .min ... .max)

    /// Notes a key; answers the connection that used it last, unless that is the same TCP connection, where a client
    /// that was refused may only ask again.
    mutating func note(_ key: RawSpan, from client: Endpoint, to server: Endpoint, in connection: Int) -> Int? {
        guard let use = Use(key, client, server, seed: seed) else { return nil }
        let last = Last(port: client.port, connection: connection)
        if let earlier = connections.updateValue(last, forKey: use) {
            return earlier.port == client.port ? nil : earlier.connection
        }
        if order.count < RecentKeys.limit {
            order.append(use)
        } else {
            connections[order[oldest]] = nil
            order[oldest] = use
            oldest = (oldest + 1) % RecentKeys.limit
        }
        return nil
    }
}
