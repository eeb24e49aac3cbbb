import TapWebSocket

/// That a peer had sent GOAWAY before a connection ended. RFC 9113 §6.8.
struct GoAway {
    let sender: Sender
    /// Whether it ends a stream: after an error that is so for all, else for those that it leaves out. The others may go on.
    let endsStream: Bool
}
