import TapCore
import TapQUIC
import TapSecurity
import TapTransport

/// Connections of QUIC, each of which takes its datagrams.
extension Conversations {
    /// All of them belong to the first part of the connections: a migration changes the endpoints, by which others are divided.
    private static let partOfQUIC = 0

    mutating func receiveQUIC(_ datagram: UDPDatagram, _ bytes: RawSpan, in packet: PacketHeader) {
        let payload = bytes.extracting(datagram.payload)
        let place: Int32
        switch quic[datagram.key] {
        case .followed(let known)?: place = known
        case .named(let named)?:
            guard mayBegin(payload, after: named, datagram), quic.noteLook(datagram.key) else { return }
            place = openQUIC(datagram.key, in: packet)
        case nil: place = openQUIC(datagram.key, in: packet)
        }
        context.part = Conversations.partOfQUIC
        guard let session = quic.sessions[place] else { return }
        session.connection.receive(payload, on: datagram.direction, in: packet, context.tls, into: &self)
        if session.connection.isHopeless(context.tls) { finishQUIC(place, in: packet) }
    }

    private mutating func openQUIC(_ key: FlowKey, in packet: PacketHeader) -> Int32 {
        let place = quic.open(key, in: packet)
        context.summary.quic.connections += 1
        while let oldest = quic.tooMany() {
            context.summary.flowsGivenUp += 1
            finishQUIC(oldest, in: packet)
        }
        return place
    }

    /// Whether a datagram may be the first of a further connection between the same endpoints.
    private func mayBegin(_ payload: RawSpan, after named: QUICTable.Named, _ datagram: UDPDatagram) -> Bool {
        guard named.client == datagram.direction, let header = QUICLongHeader(payload) else { return false }
        return header.kind == .initial && !named.ids.contains(header.destination)
    }

    /// A connection is over, or of no further interest: tells why it was not read.
    private mutating func finishQUIC(_ place: Int32, in packet: PacketHeader) {
        guard let session = quic.sessions[place] else { return }
        let reason = session.connection.finish(in: packet, context.tls, into: &self)
        quic.remove(at: place)
        context.report(session, unread: reason)
    }

    /// Secrets have come: what waits for them goes on, in the order in which the connections began.
    mutating func retryQUIC() {
        let order = context.order
        context.part = Conversations.partOfQUIC
        let sessions = quic.sessions.places.compactMap { quic.sessions[$0] }
        for session in sessions.sorted(by: { $0.connection.first.number < $1.connection.first.number }) {
            begin(order.closing(openedIn: session.connection.first.number))
            session.connection.retry(context.tls, into: &self)
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

    mutating func closeNextQUIC(in packet: PacketHeader) {
        guard let place = quic.takeNextDue(), let session = quic.sessions[place] else { return }
        context.part = Conversations.partOfQUIC
        begin(context.order.closing(openedIn: session.connection.first.number))
        finishQUIC(place, in: packet)
    }
}

extension Conversations: QUICSink {
    mutating func received(
        _ bytes: RawSpan, of stream: UInt64, on direction: Direction, in packet: PacketHeader
    ) -> Bool { false }

    mutating func missed(_ count: UInt64, of stream: UInt64, on direction: Direction, before packet: PacketHeader) {}

    mutating func ended(_ stream: UInt64, on direction: Direction, in packet: PacketHeader) {}

    mutating func found(_ event: QUICEvent, on direction: Direction, in packet: PacketHeader) {}
}
