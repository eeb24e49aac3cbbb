import Foundation

/// What the client of a capture in `samples/http3` logged.
struct HTTP3Truth: Decodable, CustomStringConvertible, Sendable {
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

    static let all: [HTTP3Truth] = {
        let folder = Wstap.project.appendingPathComponent("samples/http3")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return names.filter { $0.hasSuffix(".truth.json") }.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appendingPathComponent(name)),
                var truth = try? decoder.decode(HTTP3Truth.self, from: data)
            else { return nil }
            truth.name = String(name.dropLast(".truth.json".count))
            return truth
        }
    }()

    static let whole = all.filter(\.isWhole)
}
