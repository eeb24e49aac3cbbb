import TapCore
import TapHTTP2
import TapTestSupport

/// Remembers what a connection gives.
struct RecordingHTTP2Sink: HTTP2Sink {
    enum Item: Equatable {
        case data(HTTP2StreamID, Direction, [UInt8])
        case missed(HTTP2StreamID, Direction, HTTP2Loss)
        case event(HTTP2Event, Direction)
    }

    /// In the order in which it came; data that follow data of the same stream and direction are one item.
    private(set) var items: [Item] = []
    /// What is answered to data.
    var interest = HTTP2Interest.wanted

    mutating func received(
        _ data: RawSpan, of stream: HTTP2StreamID, on direction: Direction, in packet: PacketHeader
    ) -> HTTP2Interest {
        if case .data(stream, direction, let bytes)? = items.last {
            items[items.count - 1] = .data(stream, direction, bytes + [UInt8](data))
        } else {
            items.append(.data(stream, direction, [UInt8](data)))
        }
        return interest
    }

    mutating func missed(
        _ loss: HTTP2Loss, of stream: HTTP2StreamID, on direction: Direction, before packet: PacketHeader
    ) {
        items.append(.missed(stream, direction, loss))
    }

    mutating func found(_ event: HTTP2Event, on direction: Direction, in packet: PacketHeader) {
        items.append(.event(event, direction))
    }

    // MARK: What came

    var events: [HTTP2Event] {
        items.compactMap { item in
            guard case .event(let event, _) = item else { return nil }
            return event
        }
    }

    var violations: [HTTP2Violation] {
        events.compactMap { event in
            guard case .violation(let violation) = event else { return nil }
            return violation
        }
    }

    var rules: [HTTP2Rule] { violations.map(\.rule) }

    var requests: [HTTP2Head] {
        events.compactMap { event in
            guard case .request(let head) = event else { return nil }
            return head
        }
    }

    var responses: [HTTP2Head] {
        events.compactMap { event in
            guard case .response(let head) = event else { return nil }
            return head
        }
    }

    var stalls: [HTTP2Stall] {
        events.compactMap { event in
            guard case .stall(let stall) = event else { return nil }
            return stall
        }
    }

    var limits: [HTTP2LimitKind] {
        events.compactMap { event in
            guard case .limitReached(let limit) = event else { return nil }
            return limit
        }
    }

    func data(_ stream: UInt32, _ direction: Direction) -> [UInt8] {
        items.flatMap { item -> [UInt8] in
            guard case .data(HTTP2StreamID(stream), direction, let bytes) = item else { return [] }
            return bytes
        }
    }

    func losses(_ stream: UInt32, _ direction: Direction) -> [HTTP2Loss] {
        items.compactMap { item in
            guard case .missed(HTTP2StreamID(stream), direction, let loss) = item else { return nil }
            return loss
        }
    }
}

/// Bytes of one direction, or that so many are missing of it, in a packet of its own.
struct Piece: Equatable, Sendable {
    let direction: Direction
    var bytes: [UInt8]
    var missing = 0
    /// When it is sent, in milliseconds.
    var time: Int64 = 0

    static func client(_ frames: [UInt8]..., at time: Int64 = 0) -> Piece {
        Piece(direction: .fromFirst, bytes: frames.flatMap { $0 }, time: time)
    }

    static func server(_ frames: [UInt8]..., at time: Int64 = 0) -> Piece {
        Piece(direction: .fromSecond, bytes: frames.flatMap { $0 }, time: time)
    }
}

/// A connection that is fed pieces; each byte knows the packet of its piece however it is cut.
struct Reading {
    var sink: RecordingHTTP2Sink
    var counts: HTTP2Counts
    var client: Direction?
    var openStreams: Int

    /// - Parameter cut: makes several pieces of the bytes of one.
    init(
        _ pieces: [Piece], _ beginning: HTTP2Beginning = .preface(client: .fromFirst),
        limits: HTTP2Limits = HTTP2Limits(), interest: HTTP2Interest = .wanted,
        cut: ([UInt8]) -> [[UInt8]] = { [$0] }
    ) {
        var connection = HTTP2Connection(beginning, limits: limits)
        sink = RecordingHTTP2Sink()
        sink.interest = interest
        var packet = PacketHeader.numbered(0)
        for (index, piece) in pieces.enumerated() {
            packet = .numbered(index + 1, nanoseconds: piece.time * 1_000_000)
            if piece.missing > 0 {
                connection.miss(piece.missing, on: piece.direction, before: packet, into: &sink)
            }
            for bytes in cut(piece.bytes) {
                connection.receive(bytes.span.bytes, on: piece.direction, in: packet, into: &sink)
            }
        }
        openStreams = connection.openStreamCount
        connection.finish(in: packet, into: &sink)
        counts = connection.counts
        client = connection.client
    }
}
