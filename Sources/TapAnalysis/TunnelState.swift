import TapBytes
import TapPackets
import TapWebSocket

/// What both directions of a tunnel share.
struct TunnelState {
    /// The connection's number.
    let number: Int
    var frames = 0
    var messages = 0
    private var lastNumber: PacketNumber
    private var lastTime: Timestamp
    /// When a frame was last complete.
    private(set) var lastActivity: Timestamp
    let opened: Timestamp
    /// Findings so far, those of the handshake included; those that are too many to be counted are too many to be told.
    private var findings: UInt32
    let agreed: AgreedExtensions
    let verdict: Verdict
    var pingMarks: PingMarks = []
    /// Pings by the peer that sent them.
    @Rare var clientPings: PingLog?
    @Rare var serverPings: PingLog?
    /// How the connection comes to its end, once that has begun: none or one, in memory of its own.
    private var ending: [ClosingLog] = []

    init(_ handshake: Handshake, openedIn packet: PacketHeader) {
        number = handshake.connection
        findings = UInt32(clamping: handshake.violations.count)
        agreed = TunnelState.agreed(in: handshake)
        verdict = handshake.verdict
        if verdict == .midstream || verdict == .unverifiable { pingMarks = [.isClientUnread, .isServerUnread] }
        opened = packet.timestamp
        lastActivity = packet.timestamp
        lastNumber = packet.number
        lastTime = packet.timestamp
    }

    /// A smaller window binds a peer where the handshake agreed on it as it should: the client's must be offered.
    private static func agreed(in handshake: Handshake) -> AgreedExtensions {
        guard let response = handshake.response else { return .unknown }
        let agreed = AgreedExtensions(response)
        let isSound = handshake.violations.allSatisfy { violation in
            let rule = violation.id.handshakeRule(of: violation.sender)
            return rule != .extensionsOffered && rule != .extensionsChosen
        }
        guard isSound else { return agreed.withoutWindowLimit(of: .client).withoutWindowLimit(of: .server) }
        return handshake.request == nil ? agreed.withoutWindowLimit(of: .client) : agreed
    }

    /// The last packet that brought anything of this connection, as far as its place in the capture and its time go.
    var lastPacket: PacketHeader {
        get { PacketHeader(number: lastNumber, timestamp: lastTime, linkType: .raw, originalLength: 0) }
        set { (lastNumber, lastTime) = (newValue.number, newValue.timestamp) }
    }

    mutating func report(
        _ violation: Violation, _ sender: Sender?, in packet: PacketHeader, frame: Int? = nil,
        _ context: inout AnalysisContext
    ) {
        if findings < .max { findings += 1 }
        let finding = Finding(
            connection: number, violation: violation, time: packet.timestamp, packet: packet.number, frame: frame,
            sender: violation.sender ?? sender)
        context.report(finding, isToldInFull: Int(findings) <= context.options.findingsPerConnection)
    }

    mutating func noteActivity(at time: Timestamp) { if lastActivity < time { lastActivity = time } }

    mutating func noteClose(_ body: CloseBody, from sender: Sender, at time: Timestamp) {
        if ending.isEmpty { ending.append(ClosingLog()) }
        closePings(at: time, isOver: true)
        ending[0].noteClose(body, from: sender, at: time, after: lastActivity)
    }

    /// Notes a FIN or RST.
    mutating func noteEnd(_ sign: ConnectionClose.Sign, from sender: Sender, in packet: PacketHeader) {
        if ending.isEmpty { ending.append(ClosingLog()) }
        if sign == .rst {
            closePings(at: packet.timestamp, isOver: true)
        } else {
            closePings(owedBy: sender, at: packet.timestamp, isOver: true)
        }
        ending[0].noteEnd(sign, from: sender, in: packet, after: lastActivity)
    }

    /// Whether there was a close frame.
    var isClosing: Bool { !ending.isEmpty && ending[0].isClosing }

    /// Whether a peer's close frame answers the other's.
    func isAnswer(of sender: Sender) -> Bool { !ending.isEmpty && ending[0].isAnswer(of: sender) }

    /// Who sent the first FIN or RST.
    var endedBySender: Sender? { ending.isEmpty ? nil : ending[0].verdict.endedBySender }

    /// The connection is over; answers how it went.
    mutating func finish(_ cause: ConnectionClose.Cause) -> ClosingLog {
        var closing = ending.popLast() ?? ClosingLog()
        closing.finish(cause)
        return closing
    }
}
