import TapWebSocket

/// How a connection ended.
public struct ConnectionClose: Equatable, Sendable {
    /// What ended the TCP connection.
    public enum Cause: String, Sendable {
        case fin
        case rst
        case captureEnd = "capture_end"
        case evicted
    }

    /// Who sent the first close frame, FIN or RST.
    public var initiator: Sender?
    /// What the first close frame said.
    public var body: CloseBody?
    /// Whether both peers sent a close frame. RFC 6455 §7.1.4.
    public var isClean = false
    public var endedBy = Cause.captureEnd

    public init() {}

    /// Notes a close frame; the first one decides.
    mutating func note(_ body: CloseBody, from sender: Sender) {
        guard self.body == nil else { return }
        self.body = body
        if initiator == nil { initiator = sender }
    }
}
