import Foundation

/// What the client of a capture in `samples/http3` logged.
struct HTTP3Truth: SampleTruth, CustomStringConvertible, Sendable {
    struct Connection: Decodable, Sendable {
        let clientPort: Int
        let version: Int
        let cipher: String
        let requests: Int
        let tunnels: [HTTP2Truth.Tunnel]
    }

    /// A connection that spoke something else.
    struct Other: Decodable, Sendable {
        let alpn: String
    }

    let connections: [Connection]
    let others: [Other]?
    var name = ""

    enum CodingKeys: String, CodingKey { case connections, others }

    var description: String { name }

    var capture: String { Wstap.sample("http3/\(name).pcapng") }

    /// Whether every byte of the streams is in the capture, with the keys.
    var isWhole: Bool {
        !connections.isEmpty && !["late", "lost", "no-keys", "forbidden"].contains { name.hasSuffix($0) }
    }

    var tunnels: [HTTP2Truth.Tunnel] { connections.flatMap(\.tunnels) }

    static let all = all(in: "http3")

    static let whole = all.filter(\.isWhole)
    /// Those in which nobody speaks HTTP/3 with sockets.
    static let foreign = all.filter(\.connections.isEmpty)
}
