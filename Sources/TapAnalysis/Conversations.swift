import TapCore
import TapHTTP2
import TapSecurity
import TapWebSocket

/// From the ordered bytes of every flow to observations: HTTP first, WebSocket after an upgrade.
struct Conversations: StreamSink, ~Copyable {
    var context: AnalysisContext
    /// By the flow's part, and its place in the flow table of that; behind those the streams that connections of TLS carry,
    /// by the part of their flows and their places in ``secures``; and behind those the streams of HTTP/2, by their places in
    /// ``openings``.
    private var conversations = InlineArray<6, ChunkedArray<Conversation>> { _ in ChunkedArray() }
    /// The identities of flows that have received nothing yet. Later their conversations, or the flow table, know them.
    private var identities: Slots<FlowIdentity>
    /// By the same place: see ``Handshake/roundTrip``; zero where nobody knows.
    private var roundTrips = ChunkedArray<UInt32>()
    private var http: Slots<HTTPConversation>
    /// By the same place: which of all it is.
    private var stamps = ChunkedArray<UInt32>()
    /// By part: whose they are, in order.
    private var undecided = InlineArray<2, UndecidedFlows>(repeating: UndecidedFlows())
    var tunnels: Slots<Tunnel>
    var secures: Slots<SecureStream?>
    var greetings: Slots<TLSGreeting?>
    var answeredGreetings: Slots<AnsweredGreeting?>
    var sessions: Slots<HTTP2Session?>
    /// What streams of HTTP/2 are until they become WebSocket; `nil` once they have.
    var openings: Slots<HTTP2Opening?>
    /// By part.
    var quic = InlineArray<2, QUICTable> { _ in QUICTable() }
    /// Of how many parts the connections are.
    let parts: Int
    /// Whether a connection of QUIC may be read, so that packets matter that do not name their version.
    var isReadingQUIC: Bool
    /// The first endpoints of the QUIC connection that took the latest datagram.
    var presentQUIC: FlowKey?
    /// The places of connections that are over and wait for their keys, the oldest first.
    var parked: [Int32] = []

    init(options: AnalysisOptions, isPart: Bool) {
        context = AnalysisContext(options: options, isPart: isPart)
        parts = options.parts
        isReadingQUIC = options.tls.mayHaveSecrets
        let nowhere = Endpoint(address: IPAddress(ipv4: 0), port: 0)
        let nobody = FlowIdentity(FlowKey(nowhere, nowhere))
        identities = Slots(empty: nobody)
        http = Slots(empty: HTTPConversation(flow: nobody, roundTrip: 0, isStartKnown: false, headLimit: 0, proxy: nil))
        secures = Slots(empty: nil)
        greetings = Slots(empty: nil)
        answeredGreetings = Slots(empty: nil)
        sessions = Slots(empty: nil)
        openings = Slots(empty: nil)
        tunnels = Slots(
            empty: Tunnel(
                Handshake(
                    connection: 0, connectionID: ConnectionID(rawValue: 0), client: nowhere, server: nowhere,
                    request: nil, response: nil, verdict: .midstream,
                    violations: [], packet: PacketNumber(0), time: Timestamp(nanoseconds: 0)),
                openedIn: PacketHeader(
                    number: PacketNumber(0), timestamp: Timestamp(nanoseconds: 0), linkType: .raw, originalLength: 0),
                client: .certain, server: .certain))
    }

    /// What comes now is of another packet, or of the end of the capture.
    @inline(__always)
    mutating func begin(_ order: ObservationOrder) {
        context.order = order
        context.observations.begin(order)
    }

    mutating func opened(_ flow: FlowID, _ identity: FlowIdentity, isStartCaptured: Bool) {
        context.summary.flows += 1
        context.plain?.opened(flow, identity)
        begin(flow, identity, isStartKnown: isStartCaptured)
    }

    /// Begins to follow a stream.
    mutating func begin(_ flow: FlowID, _ identity: FlowIdentity, isStartKnown: Bool) {
        let place = identities.insert(identity)
        if Int(place) == roundTrips.count { roundTrips.append(0) } else { roundTrips[Int(place)] = 0 }
        follow(flow, as: .silent(place: place, isStartKnown: isStartKnown))
    }

    /// Makes room for a stream that was not followed.
    mutating func follow(_ flow: FlowID, as fresh: Conversation) {
        // Places may be taken that have nothing to follow yet, or belong to the other part.
        while flow.index > conversations[flow.part].count { conversations[flow.part].append(.ignored) }
        if flow.index == conversations[flow.part].count {
            conversations[flow.part].append(fresh)
        } else {
            self[flow] = fresh
        }
    }

    /// The same for a connection of TLS whose peers agreed on HTTP/2. RFC 7301.
    private mutating func openAgreedHTTP2(
        _ identity: Int32, isStartKnown: Bool, on flow: FlowID, in packet: PacketHeader
    ) {
        let known = identities[identity]
        identities.remove(at: identity)
        let client = context.secure?.helloDirection
        let beginning = client.flatMap { isStartKnown ? HTTP2Beginning.preface(client: $0) : nil }
        openHTTP2(
            HTTP2Start(.begun(beginning ?? .inside(client: client)), proxy: context.secure?.proxy), known, of: nil,
            after: [], on: flow, in: packet)
    }

    /// Tells a stream what was held of it while it was not known what it is.
    mutating func replay(_ held: HeldBytes, on flow: FlowID) {
        for piece in held.pieces {
            let stream = StreamID(flow, piece.direction)
            switch piece.content {
            case .bytes(let bytes):
                _ = received(bytes.span.bytes, on: stream, in: piece.packet, isPeerBehind: piece.isPeerBehind)
            case .missing(let count, let reason), .missingInHead(let count, let reason),
                .missingEarlier(let count, let reason):
                missed(count, because: reason, on: stream, before: piece.packet)
            case .ended(let end): ended(end, on: stream, in: piece.packet)
            case .late: break
            }
        }
    }

    mutating func received(
        _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool {
        context.part = stream.flow.shard
        switch self[stream.flow] {
        case .tunnel(let place, let client):
            tunnels[place].receive(bytes, from: Sender(stream.direction, client: client), in: packet, &context)
            return true
        case .http(let place):
            return context.plain == nil && http[place].stepOver(bytes, stream.direction)
                || receiveHTTP(bytes, place, on: stream, in: packet, isPeerBehind: isPeerBehind)
        case .silent(let identity, let isStartKnown):
            if isStartKnown, HelloGlance.isClientHello(bytes), context.tls.hasNoKeys {
                let (flow, roundTrip) = (identities[identity], roundTrips[Int(identity)])
                identities.remove(at: identity)
                greet(bytes, flow, roundTrip, on: stream, in: packet, isPeerBehind: isPeerBehind)
                return true
            }
            if let secure = context.secure, secure.carriesData, secure.connection.facts.applicationProtocol == "h2" {
                openAgreedHTTP2(identity, isStartKnown: isStartKnown, on: stream.flow, in: packet)
                return received(bytes, on: stream, in: packet, isPeerBehind: isPeerBehind)
            }
            let place = openHTTP(identity, isStartKnown: isStartKnown, on: stream.flow)
            return receiveHTTP(bytes, place, on: stream, in: packet, isPeerBehind: isPeerBehind)
        case .http2(let place):
            return receiveHTTP2(bytes, place, on: stream, in: packet, isPeerBehind: isPeerBehind)
        case .greeted(let place):
            return receiveAnswer(bytes, place, on: stream, in: packet, isPeerBehind: isPeerBehind)
        case .tls(let place):
            return receiveTLS(bytes, place, on: stream, in: packet, isPeerBehind: isPeerBehind)
        case .opening, .answered, .ignored:
            return false
        }
    }

    mutating func missed(
        _ count: Int, because reason: GapReason, on stream: StreamID, before packet: PacketHeader
    ) {
        context.part = stream.flow.shard
        switch self[stream.flow] {
        case .tunnel(let place, let client):
            tunnels[place].miss(
                count, because: reason, from: Sender(stream.direction, client: client), before: packet, &context)
        case .http(let place):
            plain(before: stream)?.missed(count, on: stream, before: packet)
            http[place].miss(count, because: reason, stream.direction, before: packet)
        // The start is missing, and with it what begins the first head.
        case .silent(let identity, true):
            plain(before: stream)?.missed(count, on: stream, before: packet)
            let place = openHTTP(identity, isStartKnown: true, on: stream.flow)
            http[place].miss(count, because: reason, stream.direction, before: packet)
        case .greeted(let place):
            openTLS(place, on: stream.flow, in: packet)
            missed(count, because: reason, on: stream, before: packet)
        case .tls(let place): missTLS(count, place, because: reason, on: stream, before: packet)
        case .http2(let place): missHTTP2(count, place, because: reason, on: stream, before: packet)
        case .opening(let place): missOpening(count, place, because: reason, stream.direction, before: packet)
        case .silent, .answered, .ignored: break
        }
    }

    mutating func found(_ anomaly: SegmentAnomaly, on stream: StreamID, in packet: PacketHeader) {
        context.part = stream.flow.shard
        switch self[stream.flow] {
        case .tunnel(let place, let client):
            tunnels[place].note(anomaly, Sender(stream.direction, client: client), in: packet, &context)
        case .http(let place): http[place].note(anomaly, stream.direction, in: packet)
        // Nothing was passed on yet: a copy was held, and the next one is another.
        case .silent(let identity, let isStartKnown):
            let place = openHTTP(identity, isStartKnown: isStartKnown, on: stream.flow)
            http[place].note(anomaly, stream.direction, in: packet)
        case .tls(let place): noteTLS(anomaly, place, stream.direction, in: packet)
        case .http2(let place): noteHTTP2(anomaly, place, stream.direction, in: packet)
        case .greeted, .answered, .opening, .ignored: break
        }
    }

    mutating func noted(_ event: TransportEvent, on stream: StreamID, in packet: PacketHeader) {
        context.part = stream.flow.shard
        if case .roundTrip(let time) = event { context.roundTrip = time }
        switch (self[stream.flow], event) {
        case (.silent(let identity, _), .opened(let time)): roundTrips[Int(identity)] = UInt32(clamping: time)
        case (.tls(let place), .roundTrip(let time)): secures[place]?.roundTrip = UInt32(clamping: time)
        case (_, .opened), (_, .roundTrip): break
        case (.tunnel(let place, let client), _):
            tunnels[place].note(event, Sender(stream.direction, client: client), in: packet, &context)
        case (.http(let place), _): http[place].note(event, stream.direction, in: packet)
        case (.tls(let place), _):
            guard let secure = secures[place], case .followed = secure.carried else { break }
            noted(event, on: StreamID(secure.inner, stream.direction), in: packet)
        // Of which stream of HTTP/2 it is, nobody knows.
        case (.silent, _), (.greeted, _), (.answered, _), (.http2, _), (.opening, _), (.ignored, _): break
        }
    }

    mutating func ended(_ end: DirectionEnd, on stream: StreamID, in packet: PacketHeader) {
        context.part = stream.flow.shard
        switch self[stream.flow] {
        case .tunnel(let place, let client):
            tunnels[place].end(end, from: Sender(stream.direction, client: client), in: packet, &context)
        case .http(let place):
            plain(before: stream)?.ended(end, on: stream, in: packet)
            http[place].end(end, stream.direction, in: packet)
        case .greeted(let place):
            openTLS(place, on: stream.flow, in: packet)
            ended(end, on: stream, in: packet)
        case .tls(let place): endTLS(end, place, on: stream, in: packet)
        case .http2(let place): endHTTP2(end, place, on: stream, in: packet)
        case .opening(let place): endOpening(end, place, stream.direction, in: packet)
        case .silent, .answered, .ignored: break
        }
    }

    mutating func closing(_ flow: FlowID, openedIn opening: PacketNumber) {
        begin(context.order.closing(openedIn: opening))
    }

    mutating func closed(_ flow: FlowID, _ key: FlowKey, _ reason: StreamEnd, in packet: PacketHeader) {
        context.part = flow.shard
        if case .http(let place) = self[flow] {
            // A flow that ends beside a packet is another than the packet's, unless the packet has finished it.
            let process = context.process
            if process != nil, reason != .finished { context.process = nil }
            follow(http[place].finish(in: packet, &context), place, on: flow, in: packet)
            if process != nil { context.process = process }
        }
        if case .greeted(let place) = self[flow] { openTLS(place, on: flow, in: packet) }
        switch self[flow] {
        case .tunnel(let place, let client): finishTunnel(place, client, key, reason)
        case .silent(let identity, _): identities.remove(at: identity)
        case .tls(let place): closeTLS(place, reason, in: packet)
        case .http2(let place): closeHTTP2(place, reason, in: packet)
        case .answered(let place): finishAnswered(place)
        case .http, .greeted, .opening, .ignored: break
        }
        self[flow] = .ignored
        context.roundTrip = nil
        context.plain?.closed(flow)
    }

    /// A connection that has switched to WebSocket is over.
    /// - Parameters:
    ///   - stream: the one that it is, where HTTP/2 carries it.
    ///   - goAway: the GOAWAY that came there, if one did.
    mutating func finishTunnel(
        _ place: Int32, _ client: Direction, _ key: FlowKey, _ reason: StreamEnd, in stream: TunnelStream? = nil,
        after goAway: GoAway? = nil
    ) {
        let (client, server) = key.peers(client)
        tunnels[place].finish(reason, from: client, to: server, in: stream, after: goAway, &context)
        tunnels.remove(at: place)
        context.tunnels -= 1
    }

    /// Who is told what comes on a stream before TLS; what TLS carries is told where it is opened.
    private func plain(before stream: StreamID) -> PlainStreams? {
        stream.flow.part < FlowKey.parts ? context.plain : nil
    }

    /// Keeps which process a flow is of, as long as a handshake may need it.
    mutating func note(_ process: CapturedProcess, of flow: FlowID) {
        switch self[flow] {
        case .http(let place): if http[place].process != process { http[place].process = process }
        case .http2(let place): sessions[place]?.process = process
        case .silent, .tunnel, .greeted, .answered, .tls, .opening, .ignored: break
        }
    }

    /// How many bytes are still to come of the frame that is open on a stream, if there is one.
    func frameRest(of stream: StreamID) -> UInt64 {
        switch self[stream.flow] {
        case .tunnel(let place, let client): tunnels[place].frameRest(from: Sender(stream.direction, client: client))
        case .http2(let place): UInt64(sessions[place]?.connection.frameRest(on: stream.direction) ?? 0)
        case .silent, .http, .greeted, .answered, .tls, .opening, .ignored: 0
        }
    }

    subscript(flow: FlowID) -> Conversation {
        get { conversations[flow.part][flow.index] }
        set { conversations[flow.part][flow.index] = newValue }
    }

    /// One undecided connection too many: gives up the first that has buffered nothing or, if there is hardly any, the first
    /// that has not asked for anything.
    private mutating func giveUpUndecided() {
        let part = context.part
        for look in 0..<UndecidedFlows.mostLooks {
            guard let entry = undecided[part].popFirst() else { return }
            guard let place = place(of: entry, part) else { continue }
            let isSpared = look < UndecidedFlows.looksForEmpty || !http[place].requests.isEmpty
            guard http[place].countedBytes == 0 || !isSpared else {
                undecided[part].append(entry)
                continue
            }
            context.summary.flowsGivenUp += 1
            removeHTTP(place)
            self[entry.flow(part)] = .ignored
            return
        }
    }

    private mutating func forgetDecided(of part: Int) {
        for _ in 0..<undecided[part].count {
            guard let entry = undecided[part].popFirst() else { return }
            if place(of: entry, part) != nil { undecided[part].append(entry) }
        }
    }

    /// Where the conversation is that an entry is about; `nil` where it is known what became of that.
    private func place(of entry: UndecidedFlows.Entry, _ part: Int) -> Int32? {
        guard case .http(let place) = self[entry.flow(part)], stamps[Int(place)] == entry.stamp
        else { return nil }
        return place
    }

    private mutating func openHTTP(_ identity: Int32, isStartKnown: Bool, on flow: FlowID) -> Int32 {
        if context.undecided >= context.undecidedLimit { giveUpUndecided() }
        let place = http.insert(
            HTTPConversation(
                flow: identities[identity], roundTrip: context.secure?.roundTrip ?? roundTrips[Int(identity)],
                isStartKnown: isStartKnown, headLimit: context.options.headLimit, proxy: context.secure?.proxy))
        let part = flow.shard
        let stamp = undecided[part].append(flow)
        if Int(place) == stamps.count { stamps.append(stamp) } else { stamps[Int(place)] = stamp }
        context.undecided += 1
        if undecided[part].count > 2 * context.undecided + UndecidedFlows.spare { forgetDecided(of: part) }
        identities.remove(at: identity)
        self[flow] = .http(place: place)
        return place
    }

    private mutating func receiveHTTP(
        _ bytes: RawSpan, _ place: Int32, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool {
        var offset = 0
        let outcome = http[place].receive(
            bytes, from: &offset, stream.direction, in: packet, isPeerBehind: isPeerBehind, &context)
        plain(before: stream)?.received(bytes.upTo(offset), on: stream, in: packet)
        follow(outcome, place, on: stream.flow, in: packet)
        if case .http = self[stream.flow] { countHeldBytes(place, on: stream.flow, in: packet) }
        switch self[stream.flow] {
        case .ignored, .answered, .opening: return false
        case .http, .silent, .greeted: return true
        case .tunnel, .tls, .http2:
            return offset == bytes.byteCount
                || received(bytes.from(offset), on: stream, in: packet, isPeerBehind: isPeerBehind)
        }
    }

    /// Takes a conversation where its HTTP part says that it goes.
    private mutating func follow(
        _ outcome: HTTPConversation.Outcome, _ place: Int32, on flow: FlowID, in packet: PacketHeader
    ) {
        switch outcome {
        case .goingOn: break
        case .ignored:
            removeHTTP(place)
            self[flow] = .ignored
        case .secured(let start):
            let (identity, roundTrip) = (http[place].flow, http[place].roundTrip)
            removeHTTP(place)
            openTLS(start, identity, roundTrip, on: flow, in: packet)
        case .multiplexed(let start):
            let (identity, process) = (http[place].flow, http[place].process)
            let anomalies = http[place].anomalies
            removeHTTP(place)
            openHTTP2(start, identity, of: process, after: anomalies, on: flow, in: packet)
        case .upgraded(let upgrade):
            let (identity, process) = (http[place].flow, http[place].process)
            let (anomalies, events) = (http[place].anomalies, http[place].events)
            let roundTrip = http[place].roundTrip
            removeHTTP(place)
            open(upgrade, identity, roundTrip, of: process, after: anomalies, on: flow, in: packet)
            for noted in events { self.noted(noted.event, on: StreamID(flow, noted.direction), in: noted.packet) }
        }
    }

    /// Keeps the sum of what conversations hold, and gives this one up where it is too much.
    private mutating func countHeldBytes(_ place: Int32, on flow: FlowID, in packet: PacketHeader) {
        context.heldHTTP += http[place].recount()
        guard context.heldHTTP > context.heldHTTPLimit, http[place].countedBytes > 0 else { return }
        context.summary.flowsGivenUp += 1
        follow(http[place].finish(in: packet, &context), place, on: flow, in: packet)
    }

    private mutating func removeHTTP(_ place: Int32) {
        context.heldHTTP -= http[place].countedBytes
        context.undecided -= 1
        http.remove(at: place)
    }

    /// Tells of the handshake, and gives the tunnel the bytes that came before it was certain.
    /// - Parameter roundTrip: see ``Handshake/roundTrip``; zero where nobody knows.
    mutating func open(
        _ upgrade: Upgrade, _ identity: FlowIdentity, _ roundTrip: UInt32, of process: CapturedProcess?,
        after anomalies: [HTTPConversation.NotedAnomaly], on flow: FlowID, in packet: PacketHeader
    ) {
        let judge = HandshakeJudge(
            flow: identity, roundTrip: roundTrip, client: upgrade.client, connection: upgrade.connection,
            proxy: upgrade.proxy, stream: upgrade.stream, streamViolations: upgrade.violations)
        let opening = upgrade.opening(or: packet)
        let handshake = judge.judge(upgrade, in: opening)
        context.report(handshake, of: identity, process)
        if handshake.verdict != .valid, let request = upgrade.request.head, HandshakeCheck.hasOlderFrames(request) {
            self[flow] = .ignored
            return
        }
        let place = tunnels.insert(
            Tunnel(
                handshake, openedIn: opening, client: upgrade.request.frameStart("request"),
                server: upgrade.response.frameStart("response")))
        context.tunnels += 1
        guard context.tunnels <= context.connectionLimit else { return refuse(place, on: flow, in: packet) }
        self[flow] = .tunnel(place: place, client: upgrade.client)
        tunnels[place].openApplication(handshake, &context)
        tunnels[place].note(unseen: upgrade.unseen)
        if let starts = upgrade.starts { tunnels[place].begin(at: starts, in: opening, &context) }
        for noted in anomalies {
            let sender = Sender(noted.direction, client: upgrade.client)
            tunnels[place].report(Violation(noted.anomaly), sender, in: noted.packet, &context)
        }
        if let early = upgrade.earlyData {
            let violation = Violation(.handshakeDataEarly, "the client sent data before it had the server's answer")
            tunnels[place].report(violation, .client, in: early, &context)
        }
        for piece in upgrade.held.pieces {
            let stream = StreamID(flow, piece.direction)
            switch piece.content {
            case .bytes(let bytes):
                _ = received(bytes.span.bytes, on: stream, in: piece.packet, isPeerBehind: piece.isPeerBehind)
            case .missing(let count, let reason): missed(count, because: reason, on: stream, before: piece.packet)
            case .missingInHead(0, _), .missingEarlier(0, _): break
            case .missingInHead(let count, let reason), .missingEarlier(let count, let reason):
                tunnels[place].missInHead(
                    count, because: reason, from: Sender(stream.direction, client: upgrade.client),
                    before: piece.packet, &context)
            case .ended(let end): ended(end, on: stream, in: piece.packet)
            case .late: break
            }
        }
        // Of what is missing by now.
        for piece in upgrade.held.pieces {
            guard case .late(let count) = piece.content else { continue }
            tunnels[place].noteLate(count, from: Sender(piece.direction, client: upgrade.client))
        }
    }
}

extension Conversations {
    /// One connection too many: says so, and looks at it no more.
    private mutating func refuse(_ place: Int32, on flow: FlowID, in packet: PacketHeader) {
        let limit = context.options.connectionLimit
        let violation = Violation(
            .captureLimitReached, "no more than \(limit) connections are followed (--max-connections)",
            [Evidence("limit", .text("--max-connections"))])
        tunnels[place].report(violation, nil, in: packet, &context)
        tunnels.remove(at: place)
        context.tunnels -= 1
        self[flow] = .ignored
    }
}
