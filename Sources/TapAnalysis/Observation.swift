/// One thing that the analysis has to say.
public enum Observation: Sendable {
    indirect case handshake(Handshake)
    case frame(Frame)
    indirect case message(Message)
    indirect case finding(Finding)
    indirect case connection(Connection)
    indirect case tls(UnreadTLS)

    /// The number of the connection that it is about; `nil` where it is about none of WebSocket.
    public var connectionNumber: Int? {
        switch self {
        case .handshake(let handshake): handshake.connection
        case .frame(let frame): frame.connection
        case .message(let message): message.connection
        case .finding(let finding): finding.connection
        case .connection(let connection): connection.number
        case .tls: nil
        }
    }
}
