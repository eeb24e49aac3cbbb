import TapBytes
import TapPackets
import TapWebSocket

/// What both directions of a tunnel share.
struct TunnelState {
    /// The connection's number.
    let number: Int
    /// Findings so far, those of the handshake included.
    private var findings: Int
    /// Pings by the peer that sent them.
    var clientPings = PingLog()
    var serverPings = PingLog()
    var closing: ClosingLog

    // What every frame needs lies together, behind the last activity.

    let agreed: AgreedExtensions
    var frames = 0
    var messages = 0
    /// The last packet that brought anything of this connection.
    var lastPacket: PacketHeader

    init(number: Int, findings: Int, agreed: AgreedExtensions, openedIn packet: PacketHeader) {
        self.number = number
        self.findings = findings
        self.agreed = agreed
        closing = ClosingLog(openedAt: packet.timestamp)
        lastPacket = packet
    }

    mutating func report(
        _ violation: Violation, _ sender: Sender?, in packet: PacketHeader, frame: Int? = nil,
        _ context: inout AnalysisContext
    ) {
        findings += 1
        let finding = Finding(
            connection: number, violation: violation, time: packet.timestamp, packet: packet.number, frame: frame,
            sender: violation.sender ?? sender)
        context.report(finding, isToldInFull: findings <= context.options.findingsPerConnection)
    }

    /// Notes a whole ping or pong.
    mutating func note(_ opcode: Opcode, _ payload: [UInt8], from sender: Sender, at time: Timestamp) {
        switch (opcode, sender) {
        case (.ping, .client): clientPings.notePing(payload, at: time)
        case (.ping, .server): serverPings.notePing(payload, at: time)
        case (.pong, .client): serverPings.notePong(payload, at: time)
        case (.pong, .server): clientPings.notePong(payload, at: time)
        case (_, _): break
        }
    }
}
