import TapCore
import TapQUIC
import TapSecurity
import TapSubprotocols
import TapTransport
import TapWebSocket

/// What every part of the analysis writes to: observations, totals and shared limits.
struct AnalysisContext {
    let options: AnalysisOptions
    var observations: Observations
    var summary = Summary()
    /// How many connections had a number before those that the totals count.
    private var connectionsBefore = 0
    /// Where what comes now stands among all observations.
    var order = ObservationOrder.start
    /// The part of the connections that what comes now is about.
    var part = 0
    private var uses: InlineArray<2, SharedUse>
    /// Each part's share of the limits on what all connections hold together.
    let pendingPayloadLimit: Int
    let heldHTTPLimit: Int
    let connectionLimit: Int
    let undecidedLimit: Int
    var inflationRoom = InflationRoom()
    var spareWork = SpareWork()
    /// How many searches for frames lie in each other.
    var searchDepth = 0
    private var handshakes = RecentHandshakes()
    /// Connections whose other leg is known; if only one part of the connections is followed, whoever merges the parts knows
    /// instead.
    private var pairs = KnownPairs()
    /// Room for a message that is read.
    var messageBytes: [UInt8] = []
    /// Room for what it says.
    var applicationOutput = ApplicationOutput()
    private var lastApplicationStart: ApplicationStart?
    /// The process that the capture names for the current packet, with the endpoints of that packet: a packet may also end
    /// handshakes of other connections.
    @Rare var process: (endpoints: FlowKey, process: CapturedProcess)?

    /// Who is told what chosen connections of TLS carry.
    var plain: PlainStreams?
    /// The round trip of the flow that is closed now.
    var roundTrip: Int64?
    /// The connection of TLS that carries what is read now.
    private(set) var secure: SecureStream?
    /// The connection of HTTP/2 or HTTP/3 that carries it.
    private(set) var session: StreamSession?

    /// - Parameter isPart: whether only a part of the connections is followed.
    init(options: AnalysisOptions, isPart: Bool) {
        self.options = options
        observations = Observations(isPart: isPart)
        pendingPayloadLimit = options.pendingPayloadLimit / options.parts
        heldHTTPLimit = options.heldHTTPLimit / options.parts
        connectionLimit = options.connectionLimit / options.parts
        undecidedLimit = options.undecidedLimit / options.parts
        uses = InlineArray { _ in
            SharedUse(
                inflaters: InflaterPool(limit: options.inflaterLimit / options.parts),
                tls: TLSContext(options.tls, parts: options.parts))
        }
    }

    /// Payload bytes kept of frames and messages that are still incomplete, in all connections of the part.
    var pendingPayload: Int {
        get { uses[part].pendingPayload }
        set { uses[part].pendingPayload = newValue }
    }

    /// Bytes held before an upgrade is certain, in all connections of the part.
    var heldHTTP: Int {
        get { uses[part].heldHTTP }
        set { uses[part].heldHTTP = newValue }
    }

    /// Connections of the part of which it is not known yet whether they are WebSocket.
    var undecided: Int {
        get { uses[part].undecided }
        set { uses[part].undecided = newValue }
    }

    /// Connections of the part that are followed as WebSocket.
    var tunnels: Int {
        get { uses[part].tunnels }
        set { uses[part].tunnels = newValue }
    }

    var inflaters: InflaterPool { uses[part].inflaters }

    /// Requests that wait for answers in messages, in all connections of the part.
    var applicationRoom: ApplicationRoom {
        get { uses[part].applicationRoom }
        _modify { yield &uses[part].applicationRoom }
    }

    /// Takes the room for inflation out, empty; it is to be put back.
    mutating func takeInflationRoom() -> InflationRoom {
        var room = InflationRoom()
        swap(&room, &inflationRoom)
        room.makeReady()
        return room
    }

    /// Takes the room for a message out, empty; it is to be put back.
    mutating func takeMessageBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        swap(&bytes, &messageBytes)
        bytes.removeAll(keepingCapacity: true)
        return bytes
    }

    /// Takes the room for what a message says out, empty; it is to be put back.
    mutating func takeApplicationOutput() -> ApplicationOutput {
        var output = ApplicationOutput()
        swap(&output, &applicationOutput)
        output.removeAll()
        return output
    }

    /// What is known of what a connection speaks; connections one after another mostly share it.
    mutating func applicationStart(subprotocol: String?, target: String) -> ApplicationStart {
        if let last = lastApplicationStart, last.subprotocol == subprotocol, last.target == target { return last }
        let start = ApplicationStart(subprotocol: subprotocol, target: target)
        lastApplicationStart = start
        return start
    }

    /// Up to what length the payloads of one packet's frames and messages may grow.
    var payloadRoom: Int { isFull ? 0 : options.payloadPerPacket }

    /// How many more bytes of a frame's payload may be kept if `count` are kept already.
    func frameRoom(_ count: Int) -> Int {
        max(0, min(options.payloadLimit - count, pendingPayloadLimit - pendingPayload))
    }

    /// The same of a message's.
    func messageRoom(_ count: Int) -> Int {
        let limit = max(options.payloadLimit, options.decodesMessages ? options.decoding.longestMessage : 0)
        return max(0, min(limit - count, pendingPayloadLimit - pendingPayload))
    }

    /// Whether the payloads of messages are of any use.
    var keepsMessages: Bool { options.observesMessages || options.decodesMessages }

    mutating func nextConnection() -> Int {
        summary.connections += 1
        observations.noteConnection()
        return connectionsBefore + summary.connections
    }

    /// What was counted so far counts no more.
    mutating func forgetTotals() {
        connectionsBefore += summary.connections
        summary = Summary()
    }

    /// Whether this packet has reached ``AnalysisOptions/observationsPerPacket``.
    var isFull: Bool { observations.countOfPacket >= options.observationsPerPacket }

    mutating func report(_ finding: Finding, isToldInFull: Bool = true) {
        summary.count(finding.violation)
        if isToldInFull, !isFull { observations.append(.finding(finding)) }
    }

    /// Tells a frame or a message, or counts those that are too many for one packet.
    mutating func tell(
        _ observation: consuming Observation, of connection: ConnectionName, from sender: Sender,
        in packet: PacketHeader
    ) {
        guard isFull else { return observations.append(observation) }
        if observations.countOfPacket == options.observationsPerPacket {
            tellLimit(of: connection, from: sender, in: packet)
        }
    }

    /// Says once of a packet that it has brought too much.
    private mutating func tellLimit(of connection: ConnectionName, from sender: Sender, in packet: PacketHeader) {
        summary.findings[.captureLimitReached, default: 0] += 1
        let limit = options.observationsPerPacket
        let violation = Violation(
            .captureLimitReached,
            "one packet brought more than \(limit) frames, messages and findings: more are counted",
            [Evidence("limit", .number(UInt64(limit)))])
        observations.append(
            .finding(
                Finding(
                    connection: connection.number, connectionID: connection.id, violation: violation,
                    time: packet.timestamp, packet: packet.number,
                    frame: nil, sender: sender)))
    }

    // MARK: TLS

    var tls: TLSContext { uses[part].tls }

    func add(_ secrets: TLSSecrets) {
        for part in uses.indices { secrets.add(to: uses[part].tls.keyLog) }
    }

    /// Bytes that were dropped since too many waited for keys.
    var droppedTLS: UInt64 {
        uses.indices.reduce(0) { $0 + UInt64(clamping: uses[$1].tls.droppedBytes) }
    }

    func endSecrets() { for part in uses.indices { uses[part].tls.keysMayCome = false } }

    /// What follows is carried by a connection of TLS; answers which one carried what came before.
    mutating func enter(_ secure: SecureStream) -> SecureStream? {
        let outer = self.secure
        self.secure = secure
        return outer
    }

    mutating func leave(to outer: SecureStream?) { secure = outer }

    /// What follows is carried by a connection of HTTP/2 or HTTP/3; answers which one carried what came before.
    mutating func enter(_ session: StreamSession) -> StreamSession? {
        let outer = self.session
        self.session = session
        return outer
    }

    mutating func leave(to outer: StreamSession?) { session = outer }

    /// Tells of a connection of TLS that is over, where it was not read to its end.
    mutating func report(_ secure: SecureStream, unread unreadReason: TLSUnreadReason?) {
        let hasFailed = secure.alert != nil && !secure.carriesData
        // What is encrypted before that is nothing but handshake.
        let reason = hasFailed ? nil : unreadReason
        if case .nothing = secure.carried { summary.unread.tlsConnections += 1 }
        if let reason {
            summary.tls.unread[reason, default: 0] += 1
        } else if hasFailed {
            summary.tls.failed += 1
        } else if case .nothing = secure.carried {
            summary.tls.withoutData += 1
        } else {
            summary.tls.read += 1
            if secure.handshakes == 0 { summary.tls.withoutWebSocket += 1 }
        }
        guard reason != nil || hasFailed, options.observesConnections else { return }
        observations.append(.tls(secure.unread(because: reason)))
    }

    /// Tells of a connection of QUIC that is over, where it was not read to its end.
    mutating func report(_ session: QUICSession, unread reason: TLSUnreadReason?) {
        guard let reason else {
            summary.quic.read += 1
            if session.http3 == nil { summary.quic.otherProtocols[session.otherProtocol, default: 0] += 1 }
            if session.handshakes == 0 { summary.quic.withoutWebSocket += 1 }
            return
        }
        if session.http3 == nil { summary.unread.quicConnections += 1 }
        summary.quic.unread[reason, default: 0] += 1
        if options.observesConnections { observations.append(.tls(session.unread(because: reason))) }
    }

    /// Compares a handshake with earlier ones; answers what is wrong with it because of these.
    private mutating func compare(_ start: ConnectionStart, _ handshake: inout Handshake) -> Violation? {
        let found = handshakes.note(start, in: handshake.connection)
        if let passed = found.passed {
            handshake.pair = pairs.note(
                passed, with: handshake.connection, isObserved: options.observesConnections, &summary)
        }
        return found.violation
    }

    /// Ends a connection, and returns the pair that it belongs to.
    mutating func endPair(of number: Int, _ close: ConnectionClose) -> LegPair? { pairs.end(number, close.begun) }

    /// Tells of a connection of QUIC whose hello was not tried.
    mutating func reportUnopened(_ key: FlowKey, _ version: QUICVersion, in packet: PacketHeader) {
        summary.unread.quicConnections += 1
        summary.quic.unread[.handshakeNotCaptured, default: 0] += 1
        guard options.observesConnections else { return }
        let session = QUICSession(key, isForeign: false, in: packet)
        session.connection.note(version)
        observations.append(.tls(session.unread(because: .handshakeNotCaptured)))
    }

    /// - Parameters:
    ///   - flow: what tells its TCP connection from others.
    ///   - known: the process that earlier packets of the connection are of.
    mutating func report(_ judged: Handshake, of flow: FlowIdentity, _ known: CapturedProcess?) {
        var handshake = judged
        handshake.process = known
        if let process, process.endpoints == flow.key { handshake.process = process.process }
        if let secure, secure.flow == flow {
            handshake.tls = secure.details
            handshake.carrier = TLSCarrier(flow: flow, layers: secure.layers, isStartKnown: secure.isStartKnown)
            secure.handshakes += 1
        }
        if let session, session.flow == flow, let tls = session.tls {
            handshake.tls = tls
            session.handshakes += 1
        }
        if let slow = Violation(slow: handshake.responseTime, limit: options.slow) { handshake.violations.append(slow) }
        let start = ConnectionStart(
            handshake, of: flow, key: handshake.sentKey, keepsHeads: options.observesConnections)
        let place = options.observesConnections ? observations.all.count : nil
        summary.handshakes[handshake.verdict, default: 0] += 1
        let found = observations.areComplete ? compare(start, &handshake) : nil
        if options.observesConnections { observations.append(handshake.with(found)) }
        for (count, violation) in handshake.violations.enumerated() {
            report(Finding(violation, in: handshake), isToldInFull: count < options.findingsPerConnection)
        }
        let isTold = handshake.violations.count < options.findingsPerConnection && !isFull
        if let found {
            summary.noteBetween(found)
            if isTold { observations.appendBeside(.finding(Finding(found, in: handshake))) }
        }
        guard !observations.areComplete else { return }
        observations.note(
            KeyUse(
                start: start, connection: handshake.connection, packet: handshake.request?.packet ?? handshake.packet,
                time: handshake.request?.time ?? handshake.time,
                isTold: isTold, place: place, end: observations.all.count))
    }
}

extension Handshake {
    /// The same, with one more thing that is wrong.
    fileprivate func with(_ violation: Violation?) -> Handshake {
        var handshake = self
        if let violation { handshake.violations.append(violation) }
        return handshake
    }
}

extension Violation {
    /// Where a server took long to answer an upgrade request.
    fileprivate init?(slow time: Int64?, limit: Int64) {
        guard let time, time > limit else { return nil }
        self.init(
            .handshakeSlow, by: .server, "the response came \(Seconds.text(time)) after the request",
            [Evidence("milliseconds", .number(UInt64(clamping: time / 1_000_000)))])
    }
}

extension Finding {
    /// What is wrong with a handshake.
    init(_ violation: Violation, in handshake: Handshake) {
        let head = violation.sender == .server ? handshake.response : handshake.request
        self.init(
            connection: handshake.connection, connectionID: handshake.connectionID, violation: violation,
            time: head?.time ?? handshake.time,
            packet: head?.packet ?? handshake.packet, frame: nil, sender: violation.sender)
    }
}

/// What the connections of one part hold together. Each part has an equal share of the limits, so that what one may hold
/// does not hang on the others.
struct SharedUse {
    /// Payload bytes kept of frames and messages that are still incomplete.
    var pendingPayload = 0
    /// Bytes held before an upgrade is certain.
    var heldHTTP = 0
    /// Connections of which it is not known yet whether they are WebSocket.
    var undecided = 0
    /// Connections that are followed as WebSocket.
    var tunnels = 0
    var applicationRoom = ApplicationRoom()
    let inflaters: InflaterPool
    let tls: TLSContext
}

/// A free list of ``DirectionWork`` storage: a frame split over segments needs one only briefly.
struct SpareWork {
    private var spares: [[DirectionWork]] = []
    /// More are not needed at the same time so soon again.
    private static let most = 16

    /// Opens the work of a direction that has none.
    mutating func put(_ work: DirectionWork, in place: inout [DirectionWork]) {
        if let spare = spares.popLast() { place = spare }
        place.append(work)
    }

    /// Takes work away that is over.
    mutating func take(from place: inout [DirectionWork]) {
        var spare: [DirectionWork] = []
        swap(&spare, &place)
        guard spares.count < SpareWork.most else { return }
        spare.removeAll(keepingCapacity: true)
        spares.append(spare)
    }
}
