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

    let connections: [Connection]
    var name = ""

    enum CodingKeys: String, CodingKey { case connections }

    var description: String { name }

    var capture: String { Wstap.sample("http3/\(name).pcapng") }

    /// Whether every byte of the streams is in the capture, with the keys.
    var isWhole: Bool { !["late", "lost", "no-keys"].contains { name.hasSuffix($0) } }

    var tunnels: [HTTP2Truth.Tunnel] { connections.flatMap(\.tunnels) }

    static let all = all(in: "http3")

    static let whole = all.filter(\.isWhole)
}
