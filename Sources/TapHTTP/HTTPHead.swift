import TapBytes

/// The start line and the header fields of one HTTP/1 message.
public struct HTTPHead: Equatable, Sendable {
    public let startLine: HTTPStartLine
    public let fields: HTTPFields
    public let oddities: HTTPOddities
    /// The packet that holds the head's last byte.
    public let packet: PacketNumber
    public let time: Timestamp

    package init(
        startLine: HTTPStartLine, fields: HTTPFields, oddities: HTTPOddities, packet: PacketNumber, time: Timestamp
    ) {
        self.startLine = startLine
        self.fields = fields
        self.oddities = oddities
        self.packet = packet
        self.time = time
    }
}
