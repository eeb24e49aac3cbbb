import TapWebSocket

extension Sender {
    /// The sender with an arrow to its peer: the client stands on the left, as in a heading.
    var arrow: String {
        switch self {
        case .client: "client →"
        case .server: "← server"
        }
    }
}
