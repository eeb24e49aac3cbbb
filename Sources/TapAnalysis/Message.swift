import TapCore
import TapWebSocket

/// One message: the fragments that belong together, inflated where permessage-deflate has compressed them.
public struct Message: Sendable {
    /// What became of a compressed message.
    public enum Compression: String, Sendable {
        /// It was not compressed.
        case none
        case inflated
        /// What it refers to is not in the capture, or it is broken: there is no payload but that of its frames.
        case notInflated = "not-inflated"
        /// It was inflated up to a limit, or up to a fault.
        case inflatedInPart = "inflated-in-part"
    }

    /// The connection's number, counted from 1.
    public var connection: Int
    /// The same connection's name, the same in every shard of a capture.
    public package(set) var connectionID: ConnectionID
    /// Counted from 1 in the connection, both directions together, in the order in which messages began.
    public var number: Int
    public var sender: Sender
    /// Text or binary; continuation where the message's start was not captured.
    public var kind: Opcode
    /// When its first byte was captured, and its last.
    public var firstTime: Timestamp
    public var time: Timestamp
    /// The packets of the first byte and of the last.
    public var firstPacket: PacketNumber
    public var packet: PacketNumber
    /// The number of its first frame.
    public var firstFrame: Int
    public var frames: Int
    public var compression: Compression
    /// Payload of all its frames on the wire, in bytes.
    public var wireLength: UInt64
    /// Payload once inflated, in bytes; where it was inflated in part, that part's.
    public var length: UInt64
    /// Whether the capture holds the message from its first byte to its last.
    public var isWhole: Bool
    /// Where the payload lies in the storage of the ``Observations`` that hold this message; it may be cut at a limit.
    public var payload: Range<Int>
    /// What tells its content from others; `nil` where nobody asked.
    package var digest: MessageDigest?
    /// What it says in the protocol that it belongs to; `nil` where nobody asked, or nothing is known.
    public package(set) var application: ApplicationNotes?

    package init(
        connection: Int, connectionID: ConnectionID, number: Int, sender: Sender, kind: Opcode, firstTime: Timestamp,
        time: Timestamp,
        firstPacket: PacketNumber, packet: PacketNumber, firstFrame: Int, frames: Int,
        compression: Compression, wireLength: UInt64, length: UInt64, isWhole: Bool, payload: Range<Int>
    ) {
        self.connection = connection
        self.connectionID = connectionID
        self.number = number
        self.sender = sender
        self.kind = kind
        self.firstTime = firstTime
        self.time = time
        self.firstPacket = firstPacket
        self.packet = packet
        self.firstFrame = firstFrame
        self.frames = frames
        self.compression = compression
        self.wireLength = wireLength
        self.length = length
        self.isWhole = isWhole
        self.payload = payload
    }
}
