import Foundation

/// What peers logged of what they said to each other.
struct PeerTruth: Decodable, Sendable {
    struct Item: Decodable, Sendable {
        let kind: String
        let name: String?
        let id: String?
        let error: Bool?
        /// The kind of the unit that it answers.
        let answers: String?
    }

    struct Connection: Decodable, Sendable {
        let fromClient: [Item]
        let fromServer: [Item]
    }

    let `protocol`: String
    /// The names of the findings that the peers' behaviour deserves.
    let findings: [String]
    let connections: [Connection]

    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("samples")

    static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(
            atPath: folder.appendingPathComponent("subprotocols").path)
        return (files ?? []).filter { $0.hasSuffix(".pcap") }.map { String($0.dropLast(5)) }.sorted()
    }()

    init(of name: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = PeerTruth.folder.appendingPathComponent("subprotocols/\(name).truth.json")
        self = try decoder.decode(PeerTruth.self, from: Data(contentsOf: file))
    }

    static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
