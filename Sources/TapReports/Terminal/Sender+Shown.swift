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

extension Sender {
    /// One of two hues that are easily told apart, where both peers of one connection are shown.
    var ink: Ink {
        switch self {
        case .client: .connection(0)
        case .server: .connection(1)
        }
    }
}
