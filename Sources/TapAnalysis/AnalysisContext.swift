import TapBytes
import TapWebSocket

/// What every part of the analysis writes to: observations, totals and shared limits.
struct AnalysisContext {
    let options: AnalysisOptions
    var observations = Observations()
    var summary = Summary()
    /// Payload bytes kept of frames and messages that are still incomplete, in all connections.
    var pendingPayload = 0

    /// Bytes held before an upgrade is certain, in all connections.
    var heldHTTP = 0

    let inflaters: InflaterPool
    var inflationRoom = InflationRoom()
    var spareWork = SpareWork()
    var keys = RecentKeys()

    init(options: AnalysisOptions) {
        self.options = options
        inflaters = InflaterPool(limit: options.inflaterLimit)
    }

    /// Notes the key that a client chose, which must be a new one.
    private mutating func noteKey(_ handshake: inout Handshake) {
        guard let fields = handshake.request?.fields, let bytes = fields.firstBytes(.webSocketKey),
            let earlier = keys.note(
                bytes.span.bytes, from: handshake.client, to: handshake.server, in: handshake.connection),
            let key = fields.first(.webSocketKey)
        else { return }
        handshake.violations.append(
            Violation(
                .requestKeyReused, by: .client, "connection \(earlier) had the same key",
                [Evidence("key", .text(key)), Evidence("connection", .number(UInt64(earlier)))]))
    }

    /// Takes the room for inflation out, empty; it is to be put back.
    mutating func takeInflationRoom() -> InflationRoom {
        var room = InflationRoom()
        swap(&room, &inflationRoom)
        room.makeReady()
        return room
    }

    /// Up to what length the payloads of one packet's frames and messages may grow.
    var payloadRoom: Int { isFull ? 0 : options.payloadPerPacket }

    /// How much more of a payload may be kept, of which `count` bytes are kept already.
    func messageRoom(_ count: Int) -> Int {
        max(0, min(options.payloadLimit - count, options.pendingPayloadLimit - pendingPayload))
    }

    mutating func nextConnection() -> Int {
        summary.connections += 1
        return summary.connections
    }

    /// Whether one packet has brought as much as may be told of it.
    var isFull: Bool { observations.countOfPacket >= options.observationsPerPacket }

    mutating func report(_ finding: Finding, isToldInFull: Bool = true) {
        summary.findings[finding.violation.id, default: 0] += 1
        if isToldInFull, !isFull { observations.append(.finding(finding)) }
    }

    /// Tells a frame or a message, or counts those that are too many for one packet.
    mutating func tell(
        _ observation: consuming Observation, of connection: Int, from sender: Sender, in packet: PacketHeader
    ) {
        guard isFull else { return observations.append(observation) }
        if observations.countOfPacket == options.observationsPerPacket {
            tellLimit(of: connection, from: sender, in: packet)
        }
    }

    /// Says once of a packet that it has brought too much.
    private mutating func tellLimit(of connection: Int, from sender: Sender, in packet: PacketHeader) {
        summary.findings[.captureLimitReached, default: 0] += 1
        let limit = options.observationsPerPacket
        let violation = Violation(
            .captureLimitReached,
            "one packet brought more than \(limit) frames, messages and findings: more are counted",
            [Evidence("limit", .number(UInt64(limit)))])
        observations.append(
            .finding(
                Finding(
                    connection: connection, violation: violation, time: packet.timestamp, packet: packet.number,
                    frame: nil, sender: sender)))
    }

    mutating func report(_ handshake: Handshake) {
        var handshake = handshake
        noteKey(&handshake)
        summary.handshakes[handshake.verdict, default: 0] += 1
        if options.observesConnections { observations.append(handshake) }
        for (count, violation) in handshake.violations.enumerated() {
            let head = violation.sender == .server ? handshake.response : handshake.request
            report(
                Finding(
                    connection: handshake.connection, violation: violation, time: head?.time ?? handshake.time,
                    packet: head?.packet ?? handshake.packet, frame: nil, sender: violation.sender),
                isToldInFull: count < options.findingsPerConnection)
        }
    }
}
