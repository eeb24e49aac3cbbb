import Foundation

/// What the peers of a capture in `samples/tls` logged.
struct TLSTruth: SampleTruth, CustomStringConvertible, Sendable {
    struct Message: Decodable, Sendable {
        let kind: String
        let payload: String?
        let hex: String?

        /// `text hello`, `binary 00ff`
        var line: String { "\(kind) \(payload ?? hex ?? "")" }
    }

    struct Close: Decodable, Sendable {
        let code: Int?
        let reason: String?
    }

    struct Connection: Decodable, Sendable {
        let fromClient: [Message]
        let fromServer: [Message]
        let close: Close?
        let status: Int?
        /// Who closed it without a close frame.
        let endedBy: String?

        enum CodingKeys: String, CodingKey {
            case fromClient = "from_client"
            case fromServer = "from_server"
            case endedBy = "ended_by"
            case close, status
        }

        func lines(from sender: String) -> [String] { (sender == "client" ? fromClient : fromServer).map(\.line) }
    }

    struct Facts: Decodable, Sendable {
        let version: String?
        let cipher: String?
        let serverName: String?
        /// The name outside of an encrypted hello that the server took.
        let publicName: String?
        let alpn: String?

        enum CodingKeys: String, CodingKey {
            case version, cipher, alpn
            case serverName = "server_name"
            case publicName = "public_name"
        }
    }

    /// What was taken out of a direction.
    struct Lost: Decodable, Sendable {
        let direction: String
        /// The first item concerned, and how many are, where each is a record of its own.
        let message: Int
        let messages: Int?
    }

    let tls: Facts?
    let connections: [Connection]
    let rsaKey: String?
    let lost: Lost?
    var name = ""

    enum CodingKeys: String, CodingKey {
        case tls, connections, lost
        case rsaKey = "rsa_key"
    }

    var description: String { name }
    var capture: String { Wstap.sample("tls/\(name).pcapng") }

    /// The side of which alone there are packets, or keys.
    var onlySender: String? {
        guard name.hasPrefix("one-way-") || name == "keys-client-only" || name == "keys-server-only" else { return nil }
        return name.contains("client") ? "client" : "server"
    }

    static let all = all(in: "tls", .useDefaultKeys)
}
