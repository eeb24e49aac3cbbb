import TapCore
import TapSecurity

/// Remembers what a connection gives.
struct RecordingTLSSink: TLSSink {
    var plain: [TLSDirection: [UInt8]] = [.first: [], .second: []]
    /// What was received in which order: the direction, and the packets that the record came in.
    var order: [Received] = []
    var losses: [Lost] = []
    var ends: [TLSDirection] = []
    var events: [Found] = []

    struct Received: Equatable {
        let direction: TLSDirection
        let bytes: [UInt8]
        let place: TLSRecordPlace
    }

    struct Lost: Equatable {
        let direction: TLSDirection
        let loss: TLSLoss
        /// How many bytes of the direction were received before.
        let offset: Int
    }

    struct Found: Equatable {
        let direction: TLSDirection
        let event: TLSEvent
    }

    mutating func received(_ bytes: RawSpan, on direction: TLSDirection, from record: TLSRecordPlace) {
        plain[direction, default: []].append(bytes)
        order.append(Received(direction: direction, bytes: [UInt8](bytes), place: record))
    }

    mutating func missed(_ loss: TLSLoss, on direction: TLSDirection, before packet: PacketHeader) {
        losses.append(Lost(direction: direction, loss: loss, offset: plain[direction]?.count ?? 0))
    }

    mutating func ended(_ direction: TLSDirection, in packet: PacketHeader) { ends.append(direction) }

    mutating func found(_ event: TLSEvent, on direction: TLSDirection, in packet: PacketHeader) {
        events.append(Found(direction: direction, event: event))
    }

    var alerts: [String] {
        events.compactMap { found in
            guard case .alert(let alert) = found.event else { return nil }
            return alert.name
        }
    }
}

/// A connection that is fed pieces, each in a packet of its own.
final class Reading {
    private var connection: TLSConnection
    var sink = RecordingTLSSink()
    var reason: TLSUnreadReason?
    private var packets: UInt64 = 0

    init(isStartCaptured: Bool = true, likelyClient: TLSDirection = .first) {
        connection = TLSConnection(
            isStartCaptured: isStartCaptured, likelyClient: likelyClient, openedIn: Reading.packet(1))
    }

    var facts: TLSFacts { connection.facts }
    var search: TLSSearchReport? { connection.search }
    var tries: Int { connection.tries }
    var isDone: Bool { connection.isDone }
    var isWaiting: Bool { connection.isWaiting }
    var clientDirection: TLSDirection? { connection.clientDirection }

    func recordsRead(on direction: TLSDirection) -> Int { connection.recordsRead(on: direction) }

    func recordsUnread(on direction: TLSDirection) -> Int { connection.recordsUnread(on: direction) }

    func missingBytes(on direction: TLSDirection) -> Int { connection.missingBytes(on: direction) }

    static func packet(_ number: UInt64) -> PacketHeader {
        PacketHeader(
            number: PacketNumber(number), timestamp: Timestamp(nanoseconds: 0), linkType: .ethernet,
            originalLength: 0)
    }

    func feed(_ pieces: [Piece], _ context: TLSContext) {
        for piece in pieces {
            packets += 1
            let packet = Reading.packet(packets)
            if piece.missing > 0 {
                connection.miss(piece.missing, on: piece.direction, before: packet, context, into: &sink)
            }
            if !piece.bytes.isEmpty {
                connection.receive(piece.bytes.span.bytes, on: piece.direction, in: packet, context, into: &sink)
            }
        }
    }

    func retry(_ context: TLSContext) { connection.retry(context, into: &sink) }

    func finish(_ context: TLSContext) {
        for direction in TLSDirection.allCases {
            connection.end(direction, in: Reading.packet(packets), context, into: &sink)
        }
        reason = connection.finish(context, into: &sink)
    }

    static func of(
        _ pieces: [Piece], _ context: TLSContext, isStartCaptured: Bool = true, likelyClient: TLSDirection = .first
    ) -> Reading {
        let reading = Reading(isStartCaptured: isStartCaptured, likelyClient: likelyClient)
        reading.feed(pieces, context)
        reading.finish(context)
        return reading
    }

    func plain(of direction: TLSDirection) -> [UInt8] { sink.plain[direction] ?? [] }
}
