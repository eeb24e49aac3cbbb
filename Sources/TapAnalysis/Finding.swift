import TapCore
import TapWebSocket

/// A broken rule, or a fact worth knowing, at a place in the capture.
public struct Finding: Sendable, Codable {
    public internal(set) var connection: Int
    /// The same connection's name, the same in every shard of a capture.
    public package(set) var connectionID: ConnectionID
    public package(set) var violation: Violation
    public let time: Timestamp
    public let packet: PacketNumber
    /// The frame's number, where it is about one.
    public let frame: Int?
    /// Whose doing it is, where one can tell.
    public let sender: Sender?

    package init(
        connection: Int, connectionID: ConnectionID, violation: Violation, time: Timestamp, packet: PacketNumber,
        frame: Int?, sender: Sender?
    ) {
        self.connection = connection
        self.connectionID = connectionID
        self.violation = violation
        self.time = time
        self.packet = packet
        self.frame = frame
        self.sender = sender
    }
}
