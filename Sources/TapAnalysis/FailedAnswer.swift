import TapHTTP
import TapWebSocket

/// What is known of the answer to an upgrade request that led nowhere.
enum FailedAnswer {
    /// A status other than that of a switch to WebSocket.
    case refused(HTTPHead)
    /// A part of a response, or what followed one that is missing.
    /// - Parameter isEnded: whether the server ended the connection within it.
    case cut(SwitchHead, isEnded: Bool)
    /// What the server sent is not HTTP.
    case noHTTP
    /// A peer reset the stream before any.
    case reset(Sender, HTTP2ErrorCode)
    /// Not one byte of it was captured.
    /// - Parameter isCertain: whether every byte of the server was, up to its end.
    case none(isCertain: Bool, missing: UInt64)
    /// There was one, since HTTP went on.
    case unknown
}
