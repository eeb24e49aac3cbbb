import TapCore
import TapHTTP2
import TapHTTP3
import TapQUIC
import TapSecurity
import TapTransport
import TapWebSocket

/// Connections of QUIC, each of which takes its datagrams.
extension Conversations {
    /// All of them belong to the first part of the connections: a migration changes the endpoints, by which others are divided.
    private static let partOfQUIC = 0

    mutating func receiveQUIC(_ datagram: UDPDatagram, _ bytes: RawSpan, in packet: PacketHeader) {
        let payload = bytes.extracting(datagram.payload)
        switch quic[datagram.key] {
        case .followed(let place)?: receive(payload, on: datagram.direction, ofQUIC: place, in: packet)
        case .migrated(let place, let isSwapped)?:
            let direction = isSwapped ? datagram.direction.opposite : datagram.direction
            receive(payload, on: direction, ofQUIC: place, in: packet)
        case .named(let named)?:
            guard mayBegin(payload, after: named, datagram), quic.noteLook(datagram.key) else { return }
            receive(payload, on: datagram.direction, ofQUIC: openQUIC(datagram.key, in: packet), in: packet)
        case nil:
            receive(payload, on: datagram.direction, ofQUIC: openQUIC(datagram.key, in: packet), in: packet)
        }
    }

    /// The same for a datagram that does not name its version, and so may be anything: those count that a connection has which may be
    /// read.
    mutating func receiveShortQUIC(_ datagram: UDPDatagram, _ bytes: RawSpan, in packet: PacketHeader) {
        context.part = Conversations.partOfQUIC
        guard context.tls.keysMayCome || context.tls.keyLog.hasTrafficSecrets else {
            // Without secrets nothing is looked at any more that does not name its version.
            quic.isReading = false
            return
        }
        switch quic[datagram.key] {
        case .followed(let place)?:
            if let session = quic.sessions[place], session.connection.lacksSecret,
                let hit = search(datagram, bytes)
            {
                session.connection.adopt(hit, on: datagram.direction, context.tls)
            }
            receiveQUIC(datagram, bytes, in: packet)
        case .migrated?: receiveQUIC(datagram, bytes, in: packet)
        case .named?: break
        case nil:
            let payload = bytes.extracting(datagram.payload)
            if quic.migrated(payload, datagram.key, datagram.direction) == nil {
                guard let hit = search(datagram, bytes) else { return }
                let place = openQUIC(datagram.key, in: packet)
                quic.sessions[place]?.connection.adopt(hit, on: datagram.direction, context.tls)
            }
            receiveQUIC(datagram, bytes, in: packet)
        }
    }

    /// The secret of a datagram whose handshake was not captured, as far as it is found by trying.
    private mutating func search(_ datagram: UDPDatagram, _ bytes: RawSpan) -> QUICSearch.Hit? {
        guard quic.noteSearch(datagram.key) else { return nil }
        context.part = Conversations.partOfQUIC
        return quic.search.find(bytes.extracting(datagram.payload), context.tls)
    }

    private mutating func receive(
        _ payload: RawSpan, on direction: Direction, ofQUIC place: Int32, in packet: PacketHeader
    ) {
        guard let session = quic.sessions[place] else { return }
        context.part = Conversations.partOfQUIC
        let outer = context.enter(session)
        session.isPeerBehind = session.connection.isBehind
        session.connection.receive(payload, on: direction, in: packet, context.tls, into: &self)
        session.noteUnread()
        context.leave(to: outer)
        if session.connection.mayBeRead(context.tls) { quic.isReading = true }
        if session.connection.isHopeless(context.tls) || session.connection.close != nil {
            finishQUIC(place, .evicted, in: packet)
        }
    }

    private mutating func openQUIC(_ key: FlowKey, in packet: PacketHeader) -> Int32 {
        let place = quic.open(key, in: packet)
        context.summary.quic.connections += 1
        while let oldest = quic.tooMany() {
            context.summary.flowsGivenUp += 1
            finishQUIC(oldest, .evicted, in: packet)
        }
        return place
    }

    /// Whether a datagram may be the first of a further connection between the same endpoints.
    private func mayBegin(_ payload: RawSpan, after named: QUICTable.Named, _ datagram: UDPDatagram) -> Bool {
        guard named.client == datagram.direction, let header = QUICLongHeader(payload) else { return false }
        return header.kind == .initial && !named.ids.contains(header.destination)
    }

    /// A connection is over, or of no further interest: tells why it was not read.
    private mutating func finishQUIC(_ place: Int32, _ reason: StreamEnd, in packet: PacketHeader) {
        guard let session = quic.sessions[place] else { return }
        let outer = context.enter(session)
        let unread = session.connection.finish(in: packet, context.tls, into: &self)
        session.noteUnread()
        session.http3?.finish(in: packet, into: &self)
        let end = session.connection.close.map { $0.isError ? StreamEnd.reset : .finished } ?? reason
        for (id, _) in session.inOrder { close(id, of: session, end, nil, in: packet) }
        context.leave(to: outer)
        if let counts = session.http3?.counts { context.summary.http3.add(counts) }
        quic.remove(at: place)
        context.report(session, unread: unread)
    }

    /// Secrets have come: what waits for them goes on, in the order in which the connections began.
    mutating func retryQUIC() {
        let order = context.order
        context.part = Conversations.partOfQUIC
        let sessions = quic.sessions.places.compactMap { quic.sessions[$0] }
        for session in sessions.sorted(by: { $0.connection.first.number < $1.connection.first.number }) {
            begin(order.closing(openedIn: session.connection.first.number))
            let outer = context.enter(session)
            session.connection.retry(context.tls, into: &self)
            context.leave(to: outer)
        }
        begin(order)
    }

    // MARK: Closing

    /// Looks which connections were silent for too long.
    mutating func findSilentQUIC(at time: Timestamp) {
        let idleTime = context.options.streams.idleTime
        quic.findDue { time.since($0.lastSeen) > idleTime }
    }

    mutating func findAllQUIC() { quic.findDue { _ in true } }

    mutating func closeNextQUIC(_ reason: StreamEnd, in packet: PacketHeader) {
        guard let place = quic.takeNextDue(), let session = quic.sessions[place] else { return }
        context.part = Conversations.partOfQUIC
        begin(context.order.closing(openedIn: session.connection.first.number))
        finishQUIC(place, reason, in: packet)
    }
}

extension Conversations: QUICSink {
    /// The connection of QUIC that carries what is read now.
    private var quicSession: QUICSession? { context.session as? QUICSession }

    mutating func received(
        _ bytes: RawSpan, of stream: UInt64, on direction: Direction, in packet: PacketHeader
    ) -> Bool {
        guard let session = quicSession else { return false }
        session.note(spokenOn: direction)
        return session.http3?.receive(bytes, of: stream, on: direction, in: packet, into: &self) ?? false
    }

    mutating func missed(_ count: UInt64, of stream: UInt64, on direction: Direction, before packet: PacketHeader) {
        guard let session = quicSession else { return }
        session.noteHole(direction)
        session.http3?.miss(count, of: stream, on: direction, before: packet, into: &self)
    }

    mutating func ended(_ stream: UInt64, on direction: Direction, in packet: PacketHeader) {
        quicSession?.http3?.end(stream, on: direction, in: packet, into: &self)
    }

    mutating func found(_ event: QUICEvent, on direction: Direction, in packet: PacketHeader) {
        guard let session = quicSession else { return }
        switch event {
        case .hello: break
        case .receiverID(let id):
            if let place = quic.place(of: session) { quic.add(id, to: direction, at: place) }
        case .dataBegins:
            if session.openHTTP3(HTTP2Limits(context.options)) { context.summary.http3.connections += 1 }
        case .reset(let stream, let code):
            session.http3?.reset(stream, code: code, on: direction, in: packet, into: &self)
        case .stopSending(let stream, let code):
            session.http3?.stopSending(stream, code: code, on: direction, in: packet, into: &self)
        case .closed(let close): end(session, close, direction, in: packet)
        case .packetsMissing: session.noteHole(direction)
        case .limitReached(let limit): tell(Violation(limit), of: session, direction, in: packet)
        }
    }

    /// A peer closes the connection, and with it all that is open.
    private mutating func end(
        _ session: QUICSession, _ close: QUICClose, _ direction: Direction, in packet: PacketHeader
    ) {
        let reason = close.isError ? StreamEnd.reset : .finished
        for side in [direction, direction.opposite] {
            let end = DirectionEnd(
                reason, isCaptured: side == direction, isBehindHole: false, seen: [], signal: .connectionClose)
            session.note(end, side)
            for (_, inner) in session.inOrder {
                noteUnseen(of: session, inner)
                ended(end, on: StreamID(inner, side), in: packet)
            }
        }
    }
}

extension QUICClose {
    /// Whether it says that something failed: NO_ERROR is 0, and in HTTP/3 0x100. RFC 9000 §20.1, RFC 9114 §8.1.
    fileprivate var isError: Bool { code != 0 && !(isApplication && code == 0x100) }
}

extension Violation {
    /// A limit on what is followed of one connection of QUIC.
    fileprivate init(_ limit: QUICLimitKind) {
        let (words, name) =
            switch limit {
            case .streams: ("more streams", "streams")
            case .heldBytes: ("more bytes behind others that are missing", "heldBytes")
            }
        self.init(
            .captureLimitReached, "\(words) than are followed on one connection of QUIC",
            [Evidence("limit", .text(name))])
    }
}
