import TapBytes
import TapPackets
import TapWebSocket

/// What both directions of a tunnel share.
struct TunnelState {
    /// The connection's number.
    let number: Int
    /// The reserved bits that the negotiated extensions may set, or `nil` where they are not known.
    let allowedBits: UInt8?
    var frames = 0
    var messages = 0
    private var findings = 0
    var close = ConnectionClose()
    /// The last packet that brought anything of this connection.
    var lastPacket: PacketHeader

    init(number: Int, allowedBits: UInt8?, openedIn packet: PacketHeader) {
        self.number = number
        self.allowedBits = allowedBits
        lastPacket = packet
    }

    mutating func report(
        _ violation: Violation, _ sender: Sender, in packet: PacketHeader, frame: Int? = nil,
        _ context: inout AnalysisContext
    ) {
        findings += 1
        let finding = Finding(
            connection: number, violation: violation, time: packet.timestamp, packet: packet.number, frame: frame,
            sender: sender)
        context.report(finding, isToldInFull: findings <= context.options.findingsPerConnection)
    }
}
