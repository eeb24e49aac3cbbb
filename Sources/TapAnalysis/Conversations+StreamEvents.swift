import TapCore
import TapHTTP
import TapHTTP2
import TapWebSocket

/// What a connection of HTTP/2 or HTTP/3 gives.
extension Conversations: HTTP2Sink {
    mutating func received(
        _ data: RawSpan, of stream: HTTP2StreamID, on direction: Direction, in packet: PacketHeader
    ) -> HTTP2Interest {
        guard let session = context.session, let inner = session[stream] else { return .unwanted }
        switch self[inner] {
        case .tunnel(let place, let client):
            tunnels[place].receive(data, from: Sender(direction, client: client), in: packet, &context)
            return .wanted
        case .opening(let place):
            guard let opening = openings[place] else { return .unwanted }
            return receive(data, of: opening, stream, session, direction, in: packet)
        case .silent, .http, .greeted, .answered, .tls, .http2, .ignored: return .unwanted
        }
    }

    mutating func missed(
        _ loss: HTTP2Loss, of stream: HTTP2StreamID, on direction: Direction, before packet: PacketHeader
    ) {
        guard let session = context.session, let inner = session[stream] else { return }
        missed(
            Int(clamping: loss.bytes), because: loss.isExact ? session.gapReason : .anyStream,
            on: StreamID(inner, direction), before: packet)
    }

    mutating func found(_ event: HTTP2Event, on direction: Direction, in packet: PacketHeader) {
        guard let session = context.session else { return }
        switch event {
        case .request(let head):
            session.client = direction
            receive(request: head, of: session, in: packet)
        case .response(let head):
            session.client = direction.opposite
            receive(response: head, of: session, direction, in: packet)
        case .candidate(let id):
            if session[id] == nil { follow(id, of: session).pickUp = PickUp(mayBeHTTP2: false) }
        case .ended(let id): end(id, of: session, direction, in: packet)
        case .reset(let id, let frame, let code):
            reset(id, .reset(frame, code: code), of: session, direction, in: packet)
        case .released(let id): close(id, of: session, .evicted, nil, in: packet)
        case .goAway(let lastStream, let code): session.noteGoAway(direction, lastStream, code)
        case .stall(let stall):
            let violation = Violation(stall, by: session.client.map { Sender(direction.opposite, client: $0) })
            tell(violation, of: session, stall.stream, direction.opposite, in: stall.until ?? packet)
        case .violation(let violation):
            let sender = session.client.map { Sender(direction, client: $0) }
            let isOfAll = violation.rule.endsConnection && session[violation.stream] == nil
            let stream = isOfAll ? HTTP2StreamID.connection : violation.stream
            tell(Violation(violation, by: sender, in: session), of: session, stream, direction, in: packet)
        case .limitReached(let limit): tell(Violation(limit, in: session), of: session, direction, in: packet)
        case .notHTTP2: session.isRefused = true
        case .alignmentLost: session.note(seeking: true, direction)
        case .alignmentFound: session.note(seeking: false, direction)
        case .trailers, .settings, .fieldsLost: break
        }
    }

    /// Tells what is wrong with a stream, or with all of them.
    private mutating func tell(
        _ violation: Violation, of session: StreamSession, _ id: HTTP2StreamID, _ direction: Direction,
        in packet: PacketHeader
    ) {
        guard id != .connection else { return tell(violation, of: session, direction, in: packet) }
        guard let inner = session[id] else { return }
        switch self[inner] {
        case .tunnel(let place, let client):
            tunnels[place].report(violation, Sender(direction, client: client), in: packet, &context)
        case .opening(let place): openings[place]?.violations.append(violation)
        case .silent, .http, .greeted, .answered, .tls, .http2, .ignored: break
        }
    }

    private mutating func end(
        _ id: HTTP2StreamID, of session: StreamSession, _ direction: Direction, in packet: PacketHeader
    ) {
        guard let inner = session[id] else { return }
        let end = DirectionEnd(.finished, isCaptured: true, isBehindHole: false, seen: [], signal: .endStream)
        noteUnseen(of: session, inner)
        ended(end, on: StreamID(inner, direction), in: packet)
        guard session.noteEnd(of: id) else { return }
        close(id, of: session, .finished, .endStream, in: packet)
    }

    /// Whatever ends a stream, its peers may have sent more than the capture has.
    mutating func noteUnseen(of session: StreamSession, _ inner: FlowID, isReset: Bool = false) {
        var client = session.client
        if case .tunnel(_, let known) = self[inner] { client = known }
        let unread: Sides = isReset ? client.map { session.unseen(client: $0) } ?? .both : []
        note(unseen: session.uncertain.union(unread), of: inner)
    }

    private mutating func note(unseen: Sides, of inner: FlowID) {
        switch self[inner] {
        case .tunnel(let place, _): tunnels[place].note(unseen: unseen)
        case .opening(let place): openings[place]?.unseen.formUnion(unseen)
        case .silent, .http, .greeted, .answered, .tls, .http2, .ignored: break
        }
    }

    private mutating func reset(
        _ id: HTTP2StreamID, _ signal: StreamSignal, of session: StreamSession, _ direction: Direction,
        in packet: PacketHeader
    ) {
        guard let inner = session[id] else { return }
        if case .opening(let place) = self[inner] { openings[place]?.resetBy = direction }
        let end = DirectionEnd(.reset, isCaptured: true, isBehindHole: false, seen: [], signal: signal)
        noteUnseen(of: session, inner, isReset: true)
        // Who wants no more of a stream may itself go on, and what its peer sends is on its way.
        if case .reset(.stopSending, _) = signal { note(unseen: .both, of: inner) }
        ended(end, on: StreamID(inner, direction), in: packet)
        if session.hasSpoken(direction.opposite) {
            let other = DirectionEnd(.reset, isCaptured: false, isBehindHole: false, seen: [], signal: signal)
            ended(other, on: StreamID(inner, direction.opposite), in: packet)
        }
        close(id, of: session, .reset, signal, in: packet)
    }
}

extension Sender {
    /// Who sends in a direction.
    init(_ direction: Direction, client: Direction) { self = direction == client ? .client : .server }
}
