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
    @Rare private var clientPings: PingLog?
    @Rare private var serverPings: PingLog?
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

    /// How the pings of a peer were answered.
    func pings(of sender: Sender) -> PingStatistics {
        (sender == .client ? clientPings : serverPings)?.statistics ?? PingStatistics()
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
        guard opcode == .ping || opcode == .pong else { return }
        switch opcode == .ping ? sender : sender.peer {
        case .client: TunnelState.note(opcode, payload, at: time, in: &clientPings)
        case .server: TunnelState.note(opcode, payload, at: time, in: &serverPings)
        }
    }

    private static func note(_ opcode: Opcode, _ payload: [UInt8], at time: Timestamp, in pings: inout PingLog?) {
        var log = pings.take() ?? PingLog()
        if opcode == .ping { log.notePing(payload, at: time) } else { log.notePong(payload, at: time) }
        pings = log
    }
}
