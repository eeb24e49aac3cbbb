import TapBytes

/// The start line and the header fields of one HTTP/1 message.
public struct HTTPHead: Equatable, Sendable {
    public let startLine: HTTPStartLine
    public let fields: HTTPFields
    public let oddities: HTTPOddities
    /// Bytes of lines that were not looked at, because the head is longer than the limit.
    public let droppedBytes: UInt64
    /// The packet that holds the head's last byte.
    public let packet: PacketNumber
    public let time: Timestamp

    package init(
        startLine: HTTPStartLine, fields: HTTPFields, oddities: HTTPOddities, droppedBytes: UInt64 = 0,
        packet: PacketNumber, time: Timestamp
    ) {
        self.startLine = startLine
        self.fields = fields
        self.oddities = oddities
        self.droppedBytes = droppedBytes
        self.packet = packet
        self.time = time
    }
}
