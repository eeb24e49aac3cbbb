import TapCore
import TapHTTP2
import TapHTTP3
import TapQUIC
import TapSecurity
import TapTransport
import TapWebSocket

/// Connections of QUIC, each of which takes its datagrams.
extension Conversations {
    /// Takes a datagram that names its version. It is of a part that knows its endpoints, or the ID that it begins with; else it begins a
    /// connection of the part of its endpoints.
    /// - Parameter onlyPart: the only part that is followed; `nil` where all are.
    mutating func receiveQUIC(_ datagram: UDPDatagram, _ bytes: RawSpan, onlyPart: Int?, in packet: PacketHeader) {
        for part in parts(onlyPart) {
            context.part = part
            let payload = bytes.extracting(datagram.payload)
            switch quic[part][datagram.key] {
            case .followed(let place)?: receive(payload, on: datagram.direction, ofQUIC: place, in: packet)
            case .migrated(let place, let isSwapped)?:
                let direction = isSwapped ? datagram.direction.opposite : datagram.direction
                receive(payload, on: direction, ofQUIC: place, in: packet)
            case .named(let named)?:
                guard mayBegin(payload, after: named, datagram), quic[part].noteLook(datagram.key) else { continue }
                begin(datagram, payload, in: packet)
            case nil: begin(datagram, payload, in: packet)
            }
        }
    }

    /// Begins to follow a connection. Where it belongs to another part, only to know whose secrets need not be sought for packets that
    /// are of no connection of this part.
    private mutating func begin(_ datagram: UDPDatagram, _ payload: RawSpan, in packet: PacketHeader) {
        let isForeign = parts > 1 && datagram.key.part != context.part
        guard !isForeign || hasKeys else { return }
        guard context.tls.mayTryHello else { return skip(datagram, payload, in: packet) }
        let place = openQUIC(datagram.key, isForeign: isForeign, in: packet)
        receive(payload, on: datagram.direction, ofQUIC: place, in: packet)
    }

    /// Tells of a connection without a look at its hello: of so many before, none was one.
    private mutating func skip(_ datagram: UDPDatagram, _ payload: RawSpan, in packet: PacketHeader) {
        context.tls.unopenedHellos += 1
        guard let header = QUICLongHeader(payload) else { return }
        let named = QUICTable.Named(client: datagram.direction, ids: [header.destination], lastSeen: packet.timestamp)
        guard quic[context.part].skip(datagram.key, named) else { return }
        context.summary.quic.connections += 1
        context.reportUnopened(datagram.key, header.version, in: packet)
        letGo(in: packet)
    }

    /// The parts that are followed here.
    private func parts(_ only: Int?) -> Range<Int> { only.map { $0..<$0 + 1 } ?? 0..<parts }

    private var hasKeys: Bool { context.tls.keysMayCome || context.tls.keyLog.hasTrafficSecrets }

    /// The same for a datagram that does not name its version, and so may be anything: it counts only if its connection may be
    /// read.
    mutating func receiveShortQUIC(_ datagram: UDPDatagram, _ bytes: RawSpan, onlyPart: Int?, in packet: PacketHeader) {
        for part in parts(onlyPart) {
            context.part = part
            guard hasKeys else {
                // Without secrets nothing is looked at any more that does not name its version.
                isReadingQUIC = false
                return
            }
            let payload = bytes.extracting(datagram.payload)
            var direction = datagram.direction
            let place: Int32
            switch quic[part][datagram.key] {
            case .followed(let known)?:
                place = known
                if let session = quic[part].sessions[place], !session.isForeign, session.connection.lacksSecret,
                    let hit = search(datagram, payload)
                {
                    session.connection.adopt(hit, on: direction, context.tls)
                }
            case .migrated(let known, let isSwapped)?:
                place = known
                if isSwapped { direction = direction.opposite }
            case .named?: continue
            case nil:
                if let migrated = quic[part].migrated(payload, datagram.key, direction) {
                    place = migrated.place
                    if migrated.isSwapped { direction = direction.opposite }
                } else if let hit = search(datagram, payload) {
                    place = openQUIC(datagram.key, isForeign: false, in: packet)
                    quic[part].sessions[place]?.connection.adopt(hit, on: direction, context.tls)
                } else {
                    continue
                }
            }
            receive(payload, on: direction, ofQUIC: place, in: packet)
        }
    }

    /// The secret of a datagram whose handshake was not captured, as far as it is found by trying. Each part tries those that would be its own,
    /// so that no two of them find one.
    private mutating func search(_ datagram: UDPDatagram, _ payload: RawSpan) -> QUICSearch.Hit? {
        guard payload.byteCount > 0, payload.uint8(at: 0) & 0xC0 == 0x40, quic[context.part].noteSearch(datagram.key)
        else { return nil }
        let part = parts > 1 ? context.part : nil
        return quic[context.part].search.find(payload, ofPart: part, context.tls)
    }

    private mutating func receive(
        _ payload: RawSpan, on direction: Direction, ofQUIC place: Int32, in packet: PacketHeader
    ) {
        let part = context.part
        guard let session = quic[part].sessions[place] else { return }
        if session.isForeign { return note(payload, on: direction, of: session, at: place, in: packet) }
        presentQUIC = session.flow.key
        let outer = context.enter(session)
        session.isPeerBehind = session.connection.isBehind
        session.connection.receive(payload, on: direction, in: packet, context.tls, into: &self)
        session.noteUnread()
        context.leave(to: outer)
        if session.connection.mayBeRead(context.tls) { isReadingQUIC = true }
        if session.connection.isHopeless(context.tls) || session.connection.close != nil {
            finishQUIC(place, .evicted, in: packet)
        }
    }

    /// Takes a packet of a connection of another part: once its hello is known, so are its secrets, and nothing more is of interest.
    private mutating func note(
        _ payload: RawSpan, on direction: Direction, of session: QUICSession, at place: Int32, in packet: PacketHeader
    ) {
        guard QUICLongHeader(payload)?.kind == .initial else { return }
        session.connection.receive(payload, on: direction, in: packet, context.tls, into: &self)
        guard session.connection.knowsHello || session.connection.isHopeless(context.tls) else { return }
        finishQUIC(place, .evicted, in: packet)
    }

    private mutating func openQUIC(_ key: FlowKey, isForeign: Bool, in packet: PacketHeader) -> Int32 {
        let part = context.part
        let place = quic[part].open(key, isForeign: isForeign, in: packet)
        if !isForeign { context.summary.quic.connections += 1 }
        letGo(in: packet)
        return place
    }

    /// Gives up the oldest connections where there are too many.
    private mutating func letGo(in packet: PacketHeader) {
        let part = context.part
        while let oldest = quic[part].tooMany() {
            if quic[part].sessions[oldest]?.isForeign == false { context.summary.flowsGivenUp += 1 }
            finishQUIC(oldest, .evicted, in: packet)
        }
    }

    /// Whether a datagram may be the first of a further connection between the same endpoints.
    private func mayBegin(_ payload: RawSpan, after named: QUICTable.Named, _ datagram: UDPDatagram) -> Bool {
        guard named.client == datagram.direction, let header = QUICLongHeader(payload) else { return false }
        return header.kind == .initial && !named.ids.contains(header.destination)
    }

    /// A connection is over, or of no further interest: tells why it was not read.
    private mutating func finishQUIC(_ place: Int32, _ reason: StreamEnd, in packet: PacketHeader) {
        let part = context.part
        guard let session = quic[part].sessions[place] else { return }
        defer { quic[part].remove(at: place) }
        guard !session.isForeign else { return session.connection.drop(context.tls) }
        let outer = context.enter(session)
        let unread = session.connection.finish(in: packet, context.tls, into: &self)
        session.noteUnread()
        session.noteLack()
        session.http3?.finish(in: packet, into: &self)
        let end = session.connection.close.map { $0.isError ? StreamEnd.reset : .finished } ?? reason
        for (id, _) in session.inOrder { close(id, of: session, end, nil, in: packet) }
        context.leave(to: outer)
        if let counts = session.http3?.counts { context.summary.http3.add(counts) }
        context.report(session, unread: unread)
    }

    /// Secrets have come: what waits for them goes on, in the order in which the connections began.
    mutating func retryQUIC() {
        let order = context.order
        let sessions = quic.indices.flatMap { part in
            quic[part].sessions.places.compactMap { quic[part].sessions[$0] }.map { (session: $0, part: part) }
        }
        for (session, part) in sessions.sorted(by: { $0.session.openedIn < $1.session.openedIn }) {
            context.part = part
            begin(order.closing(openedIn: session.openedIn))
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
        for part in quic.indices { quic[part].findDue { time.since($0.lastSeen) > idleTime } }
    }

    /// Adds what the endpoints are dealt by of all that have not ended, or are remembered as flows of TCP are.
    func addQUICSpreads(to spreads: inout Set<UInt64>, at time: Timestamp) {
        let latest = Timestamp(nanoseconds: time.nanoseconds &- context.options.streams.lingerTime)
        for part in quic.indices { quic[part].addSpreads(to: &spreads, endedSince: latest) }
    }

    mutating func findAllQUIC() { for part in quic.indices { quic[part].findDue { _ in true } } }

    /// The packet that opened the next connection that is to be closed, and its part.
    var nextDueQUIC: (packet: PacketNumber, part: Int)? {
        switch (quic[0].nextDue, quic[1].nextDue) {
        case (nil, nil): nil
        case (let first?, let second): second.map { $0 < first ? ($0, 1) : (first, 0) } ?? (first, 0)
        case (nil, let second?): (second, 1)
        }
    }

    /// Closes the next connection of a part that is to be closed.
    mutating func closeNextQUIC(of part: Int, _ reason: StreamEnd, in packet: PacketHeader) {
        context.part = part
        guard let place = quic[part].takeNextDue(), let session = quic[part].sessions[place] else { return }
        begin(context.order.closing(openedIn: session.openedIn))
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
        guard let session = quicSession else { return }
        session.noteLack()
        session.http3?.end(stream, on: direction, in: packet, into: &self)
    }

    mutating func found(_ event: QUICEvent, on direction: Direction, in packet: PacketHeader) {
        guard let session = quicSession else { return }
        switch event {
        case .hello: break
        case .receiverID(let id):
            if let place = quic[context.part].place(of: session) {
                quic[context.part].add(id, to: direction, at: place)
            }
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
        session.http3?.settle(in: packet, into: &self)
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
