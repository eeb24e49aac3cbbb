import TapCore
import TapWebSocket

/// One frame, as far as the capture holds it.
public struct Frame: Sendable {
    /// The connection's number, counted from 1.
    public var connection: Int
    /// The same connection's name, the same in every shard of a capture.
    public package(set) var connectionID: ConnectionID
    /// The frame's number in its connection, both directions together, in the order of completion.
    public var number: Int
    /// The message that a data frame belongs to, counted from 1 in the connection; `nil` for control frames.
    public var message: Int?
    public var sender: Sender
    /// Whether the capture holds every byte of the frame.
    public var isWhole: Bool
    /// Whether what ``payload`` names was found to be UTF-8 already.
    package var isKnownText: Bool
    /// Whether the payload was compressed, and inflates to nothing: ``inflated`` is empty then, too.
    public var isInflatedToNothing: Bool
    public var header: FrameHeader
    /// When the frame's last byte was captured, and in which packet.
    public var time: Timestamp
    public var packet: PacketNumber
    /// The packet of the frame's first byte.
    public var firstPacket: PacketNumber
    /// Where the unmasked payload lies in the storage of the ``Observations`` that hold this frame.
    /// It may be shorter than the payload: cut at a limit, or at the first missing byte.
    public var payload: Range<Int> { didSet { isKnownText = false } }
    /// Where what the payload inflates to lies; empty where it is not compressed, or cannot be inflated.
    public var inflated: Range<Int>
    /// How many bytes the payload inflates to; more than are kept where a limit cut it.
    public var inflatedLength: UInt64
    private var remarks: FrameRemarks?
    /// What the message that it ends says in the protocol that it belongs to.
    public package(set) var application: ApplicationNotes?

    package init(
        connection: Int, connectionID: ConnectionID, number: Int, message: Int?, sender: Sender, header: FrameHeader,
        time: Timestamp,
        packet: PacketNumber, firstPacket: PacketNumber, capturedLength: UInt64, isWhole: Bool,
        isKnownText: Bool = false, payload: Range<Int>, inflated: Range<Int>, inflatedLength: UInt64,
        isInflatedToNothing: Bool = false, close: CloseBody?,
        findings: [FindingID], application: ApplicationNotes? = nil
    ) {
        self.connection = connection
        self.connectionID = connectionID
        self.number = number
        self.message = message
        self.sender = sender
        self.header = header
        self.time = time
        self.packet = packet
        self.firstPacket = firstPacket
        self.isWhole = isWhole
        self.isKnownText = isKnownText
        self.payload = payload
        self.inflated = inflated
        self.inflatedLength = inflatedLength
        self.isInflatedToNothing = isInflatedToNothing
        remarks = FrameRemarks.of(
            close, findings, capturedLength: capturedLength == header.payloadLength ? nil : capturedLength)
        self.application = application
    }

    /// Whether the payload was compressed and is inflated, as far as a limit allows.
    public var isInflated: Bool { inflatedLength > 0 || isInflatedToNothing }

    /// Bytes of the payload that the capture holds.
    public var capturedLength: UInt64 {
        get { remarks?.capturedLength ?? header.payloadLength }
        set { remarks = FrameRemarks.of(close, findings, capturedLength: newValue) }
    }

    public var close: CloseBody? {
        get { remarks?.close }
        set { remarks = FrameRemarks.of(newValue, findings, capturedLength: remarks?.capturedLength) }
    }

    public var findings: [FindingID] {
        get { remarks?.findings ?? [] }
        set { remarks = FrameRemarks.of(close, newValue, capturedLength: remarks?.capturedLength) }
    }

    /// Whether it has neither a close body nor findings, and the capture holds all of its payload.
    package var isUnremarkable: Bool { remarks == nil }
}

/// What there is to say of few frames, apart from the frame itself: frames are copied by the million, and each member that
/// holds a reference costs each copy.
final class FrameRemarks: Sendable {
    let close: CloseBody?
    let findings: [FindingID]
    /// Bytes of the payload that the capture holds, where those are not all.
    let capturedLength: UInt64?

    private init(close: CloseBody?, findings: [FindingID], capturedLength: UInt64?) {
        self.close = close
        self.findings = findings
        self.capturedLength = capturedLength
    }

    /// Answers `nil` where there is nothing to say.
    static func of(_ close: CloseBody?, _ findings: [FindingID], capturedLength: UInt64?) -> FrameRemarks? {
        guard close != nil || !findings.isEmpty || capturedLength != nil else { return nil }
        return FrameRemarks(close: close, findings: findings, capturedLength: capturedLength)
    }
}
