import TapCore

/// What a flow turned out to be. It is read for each segment, so it is small: what needs more memory lies elsewhere, at
/// the index that the case names.
enum Conversation {
    /// Nothing was received yet; the place is that of its identity.
    case silent(place: Int32, isStartKnown: Bool)
    case http(place: Int32)
    case tunnel(place: Int32, client: Direction)
    /// TLS that nothing can decrypt, of which only the client's hello has come.
    case greeted(place: Int32)
    /// The same once the server has answered: only what the client says next is wanted.
    case answered(place: Int32)
    /// TLS, which carries another stream.
    case tls(place: Int32)
    /// HTTP/2, which carries many.
    case http2(place: Int32)
    /// A stream of HTTP/2 of which it is not known yet whether it becomes WebSocket.
    case opening(place: Int32)
    case ignored
}
