/// One thing that an opening handshake must get right, in the order in which it is sent. A closed list: each finding about
/// a handshake belongs to exactly one of them.
public enum HandshakeRule: String, Sendable, CaseIterable {
    case method = "request method"
    case httpVersion = "request HTTP version"
    case host = "request Host"
    case extendedConnect = "extended CONNECT enabled"
    case pseudoFields = "request pseudo-fields"
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

    /// Whether it is a rule of a connection of HTTP/1.1, and of a stream of HTTP/2. RFC 8441 §5.
    public func applies(inStream: Bool) -> Bool {
        switch self {
        case .extendedConnect, .pseudoFields: inStream
        case .httpVersion, .host, .requestUpgrade, .requestConnection, .key, .responseUpgrade, .responseConnection,
            .accept:
            !inStream
        case .method, .version, .protocolsOffered, .extensionsOffered, .requestForm, .patience, .status,
            .protocolChosen,
            .extensionsChosen, .responseForm:
            true
        }
    }

    /// Who must keep it.
    public var sender: Sender {
        switch self {
        case .method, .httpVersion, .host, .extendedConnect, .pseudoFields, .requestUpgrade, .requestConnection, .key,
            .version, .protocolsOffered,
            .extensionsOffered, .requestForm, .patience:
            .client
        case .status, .responseUpgrade, .responseConnection, .accept, .protocolChosen, .extensionsChosen, .responseForm:
            .server
        }
    }
}
