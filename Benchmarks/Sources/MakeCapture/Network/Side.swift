/// One of the two ends of a conversation.
enum Side {
    case client
    case server

    var opposite: Side {
        switch self {
        case .client: .server
        case .server: .client
        }
    }
}
