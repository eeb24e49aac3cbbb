import TapPackets

/// The keys of recent handshakes, to notice one that is used again. RFC 6455 §4.1 wants a new one each time.
///
/// Only the same client and server count: a proxy passes its client's key on to another server, rightly.
struct RecentKeys {
    private struct Use: Hashable {
        let key: String
        let client: IPAddress
        let server: Endpoint
    }

    /// Handshakes that are remembered.
    static let limit = 4_096
    /// No key that is right is longer.
    private static let longestKey = 32
    private struct Last {
        let port: UInt16
        let connection: Int
    }

    private var connections: [Use: Last] = [:]
    private var order: [Use] = []
    private var oldest = 0

    /// Notes a key; answers the connection that used it last, unless that is the same TCP connection, where a client
    /// that was refused may only ask again.
    mutating func note(_ key: String, from client: Endpoint, to server: Endpoint, in connection: Int) -> Int? {
        guard key.utf8.count <= RecentKeys.longestKey else { return nil }
        let use = Use(key: key, client: client.address, server: server)
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
