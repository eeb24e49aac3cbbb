/// Which peer of a WebSocket connection sent something. The client is the one that asks for the upgrade.
public enum Sender: String, Sendable, CaseIterable, Codable {
    case client
    case server

    @inlinable public var peer: Sender { self == .client ? .server : .client }
}
