/// Why a connection whose handshake was not captured is taken for WebSocket.
public struct PickUpEvidence: Equatable, Sendable {
    /// Correct frames that were seen before it was certain.
    public let frames: Int
    /// How sure that is, in percent.
    public let confidence: Int
}
