import TapWebSocket

/// What is to be looked at when a peer begins a frame, in one byte: for nearly every frame it is nothing.
struct PingMarks: OptionSet {
    var rawValue: UInt8

    /// The client has not answered a ping, and it is not known whether it does so in time.
    static let owesClientPong = PingMarks(rawValue: 1)
    static let owesServerPong = PingMarks(rawValue: 2)
    /// What the client sends is not decoded, so a pong of it may be missed.
    static let isClientUnread = PingMarks(rawValue: 4)
    static let isServerUnread = PingMarks(rawValue: 8)

    static func owesPong(_ sender: Sender) -> PingMarks { sender == .client ? .owesClientPong : .owesServerPong }
    static func isUnread(_ sender: Sender) -> PingMarks { sender == .client ? .isClientUnread : .isServerUnread }
}
