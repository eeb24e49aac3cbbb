import TapWebSocket

extension Sender {
    /// One of two hues that are easily told apart, where both peers of one connection are shown.
    var ink: Ink {
        switch self {
        case .client: .connection(0)
        case .server: .connection(1)
        }
    }
}
