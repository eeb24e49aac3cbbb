import TapCore
import TapWebSocket

/// What both directions of a tunnel share.
struct TunnelState {
    let name: ConnectionName
    var frames = 0
    var messages = 0
    private var lastNumber: PacketNumber
    private var lastTime: Timestamp
    /// When a frame was last complete.
    private(set) var lastActivity: Timestamp
    let opened: Timestamp
    /// Findings so far, those of the handshake included; those that are too many to be counted are too many to be told.
    private var findings: UInt32
    /// How many pieces TCP has brought before the one that is read: their order is that of TCP.
    var arrival: UInt32 = 0
    let agreed: AgreedExtensions
    let verdict: Verdict
    var pingMarks: PingMarks = []
    /// Peers that may have sent more before the end than was read, or will be.
    var unseen: Sides = []
    /// Pings by the peer that sent them.
    @Rare var clientPings: PingLog?
    @Rare var serverPings: PingLog?
    /// What messages say, where somebody wants to know: none or one, in memory of its own.
    var application: [TunnelApplication] = []
    /// How the connection comes to its end, once that has begun: none or one, in memory of its own.
    private var ending: [ClosingLog] = []

    init(_ handshake: Handshake, openedIn packet: PacketHeader) {
        name = ConnectionName(number: handshake.connection, id: handshake.connectionID)
        findings = UInt32(clamping: handshake.violations.count)
        agreed = TunnelState.agreed(in: handshake)
        verdict = handshake.verdict
        if verdict == .midstream || verdict == .unverifiable { pingMarks = [.isClientUnread, .isServerUnread] }
        opened = handshake.response?.time ?? handshake.request?.time ?? packet.timestamp
        lastActivity = opened
        lastNumber = handshake.response?.packet ?? handshake.request?.packet ?? packet.number
        lastTime = opened
    }

    /// A smaller window binds a peer where the handshake agreed on it as it should: the client's must be offered.
    private static func agreed(in handshake: Handshake) -> AgreedExtensions {
        guard let response = handshake.response, response.isWhole else { return .unknown }
        let agreed = AgreedExtensions(response)
        let isSound = handshake.violations.allSatisfy { violation in
            let rule = violation.id.handshakeRule(of: violation.sender)
            return rule != .extensionsOffered && rule != .extensionsChosen
        }
        guard isSound else { return agreed.withoutWindowLimit(of: .client).withoutWindowLimit(of: .server) }
        return handshake.request?.isWhole ?? false ? agreed : agreed.withoutWindowLimit(of: .client)
    }

    /// The last packet that brought anything of this connection, as far as its place in the capture and its time go.
    var lastPacket: PacketHeader {
        PacketHeader(number: lastNumber, timestamp: lastTime, linkType: .raw, originalLength: 0)
    }

    /// When the last packet came that brought anything: never before the connection was opened, whatever the clock did.
    var closed: Timestamp { max(opened, lastTime) }

    /// Notes a packet that brings something. Not every one is decoded in the order of the capture.
    mutating func note(_ packet: PacketHeader) {
        guard packet.number.rawValue >= lastNumber.rawValue else { return }
        (lastNumber, lastTime) = (packet.number, packet.timestamp)
    }

    mutating func report(
        _ violation: Violation, _ sender: Sender?, in packet: PacketHeader, frame: Int? = nil,
        _ context: inout AnalysisContext
    ) {
        if findings < .max { findings += 1 }
        let finding = Finding(
            connection: name.number, connectionID: name.id, violation: violation, time: packet.timestamp,
            packet: packet.number, frame: frame,
            sender: violation.sender ?? sender)
        context.report(finding, isToldInFull: Int(findings) <= context.options.findingsPerConnection)
    }

    mutating func noteActivity(at time: Timestamp) { if lastActivity < time { lastActivity = time } }

    mutating func noteClose(_ body: CloseBody, from sender: Sender, in packet: PacketHeader, arrival: UInt32) {
        if ending.isEmpty { ending.append(ClosingLog()) }
        closePings(at: packet.timestamp, isOver: true)
        closeApplication(at: packet.timestamp)
        ending[0].noteClose(
            body, frame: frames, from: sender, in: packet, arrival: arrival, after: lastActivity)
    }

    /// Notes a FIN or RST, or what a stream has in their place.
    mutating func noteEnd(_ end: DirectionEnd, from sender: Sender, in packet: PacketHeader) {
        if ending.isEmpty { ending.append(ClosingLog()) }
        closeApplication(at: packet.timestamp)
        if end.reason == .reset {
            closePings(at: packet.timestamp, isOver: true)
        } else {
            closePings(owedBy: sender, at: packet.timestamp, isOver: true)
        }
        ending[0].noteEnd(end, from: sender, in: packet, arrival: arrival, after: lastActivity)
    }

    /// Returns whether nothing has told before that the connection ends.
    mutating func noteTLSEnd(by sender: Sender, in packet: PacketHeader) -> Bool {
        if ending.isEmpty { ending.append(ClosingLog()) }
        return ending[0].noteTLSEnd(by: sender, in: packet, arrival: arrival, after: lastActivity)
    }

    /// Whether there was a close frame.
    var isClosing: Bool { !ending.isEmpty && ending[0].isClosing }

    /// A sign of the end as the specifications write it.
    func name(of sign: ConnectionClose.Sign) -> String {
        ending.isEmpty ? sign.name : ending[0].verdict.name(of: sign)
    }

    /// Whether a peer's close frame answers the other's.
    func isAnswer(of sender: Sender) -> Bool { !ending.isEmpty && ending[0].isAnswer(of: sender) }

    /// Whether a peer has sent the first close frame, and no answer has come so far.
    func isWaiting(_ sender: Sender) -> Bool { !ending.isEmpty && ending[0].unanswered == sender }

    /// Who ended the connection or the stream before the other peer, and by what.
    var ender: (sender: Sender, sign: ConnectionClose.Sign)? { ending.isEmpty ? nil : ending[0].ender }

    /// The connection is over; answers how it went.
    mutating func finish(_ cause: ConnectionClose.Cause, after goAway: GoAway?) -> ClosingLog {
        var closing = ending.popLast() ?? ClosingLog()
        closing.finish(cause, after: goAway)
        return closing
    }
}

/// What is to be looked at when a peer begins a frame, in one byte: for nearly every frame it is nothing.
struct PingMarks: OptionSet {
    var rawValue: UInt8

    /// The client has not answered a ping, and it is not known whether it does so in time.
    static let owesClientPong = PingMarks(rawValue: 1)
    static let owesServerPong = PingMarks(rawValue: 2)
    /// What the client sends is not decoded, so a pong of it may be missed.
    static let isClientUnread = PingMarks(rawValue: 4)
    static let isServerUnread = PingMarks(rawValue: 8)

    static func owesPong(_ sender: Sender) -> PingMarks { sender == .client ? .owesClientPong : .owesServerPong }
    static func isUnread(_ sender: Sender) -> PingMarks { sender == .client ? .isClientUnread : .isServerUnread }
}
