/// One thing that an opening handshake must get right, in the order in which it is sent. A closed list: each finding about
/// a handshake belongs to exactly one of them.
public enum HandshakeRule: String, Sendable, CaseIterable {
    case method = "request method"
    case httpVersion = "request HTTP version"
    case host = "request Host"
    case requestUpgrade = "request Upgrade"
    case requestConnection = "request Connection"
    case key = "request key"
    case version = "request version"
    case protocolsOffered = "subprotocols offered"
    case extensionsOffered = "extensions offered"
    case requestForm = "request head form"
    case patience = "request before data"
    case status = "response status"
    case responseUpgrade = "response Upgrade"
    case responseConnection = "response Connection"
    case accept = "response accept"
    case protocolChosen = "subprotocol chosen"
    case extensionsChosen = "extensions chosen"
    case responseForm = "response head form"

    /// Who must keep it.
    public var sender: Sender {
        switch self {
        case .method, .httpVersion, .host, .requestUpgrade, .requestConnection, .key, .version, .protocolsOffered,
            .extensionsOffered, .requestForm, .patience:
            .client
        case .status, .responseUpgrade, .responseConnection, .accept, .protocolChosen, .extensionsChosen, .responseForm:
            .server
        }
    }
}
