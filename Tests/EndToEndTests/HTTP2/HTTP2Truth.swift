import Foundation

/// What the client of a capture in `samples/http2` logged.
struct HTTP2Truth: Decodable, CustomStringConvertible, Sendable {
    struct Said: Decodable, Sendable { let bytes: Int }

    struct Tunnel: Decodable, Sendable {
        let stream: Int
        let path: String
        let status: Int
        let subprotocol: String?
        let sent: Said
        let received: Said
        /// `server ends`, `client resets with 8`, `client hangs up`
        let end: String
    }

    struct Wait: Decodable, Sendable {
        let stream: Int
        let seconds: Double
    }

    struct Connection: Decodable, Sendable {
        let clientPort: Int?
        let requests: Int
        let tunnels: [Tunnel]
        /// The settings in the request of HTTP/1.1 that became the first one of HTTP/2.
        let upgrade: String?
        let waited: Wait?
        let goaway: Int?
        /// Requests for other protocols than WebSocket.
        let otherProtocols: Int?
    }

    let connections: [Connection]
    var name = ""

    enum CodingKeys: String, CodingKey { case connections }

    var description: String { name }

    /// How many ordinary requests were made in streams.
    var requests: Int { connections.reduce(0) { $0 + $1.requests - ($1.upgrade == nil ? 0 : 1) } }
    var tunnels: Int { connections.reduce(0) { $0 + $1.tunnels.count } }
    var otherProtocols: Int { connections.reduce(0) { $0 + ($1.otherProtocols ?? 0) } }
    var isSecure: Bool { FileManager.default.fileExists(atPath: Wstap.sample("http2/\(name).keys")) }

    /// The capture, and its keys where it has some.
    var arguments: [String] {
        [Wstap.sample("http2/\(name).pcap")] + (isSecure ? ["--keylog", Wstap.sample("http2/\(name).keys")] : [])
    }

    static let all: [HTTP2Truth] = {
        let folder = Wstap.project.appendingPathComponent("samples/http2")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return names.filter { $0.hasSuffix(".truth.json") }.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)),
                var truth = try? decoder.decode(HTTP2Truth.self, from: data)
            else { return nil }
            truth.name = String(name.dropLast(".truth.json".count))
            return truth
        }
    }()
}
