import TapCore
import TapHTTP2
import TapHTTP3

/// Feeds a connection of HTTP/3, and writes down what it gives.
struct HTTP3Recording: ~Copyable {
    private var connection = HTTP3Connection(client: .fromFirst, limits: HTTP2Limits())
    private var sink = RecordingHTTP3Sink()
    private static let packet = PacketHeader(
        number: PacketNumber(1), timestamp: Timestamp(nanoseconds: 0), linkType: .ethernet, originalLength: 0)

    mutating func receive(_ bytes: some Collection<UInt8>, of stream: UInt64, from direction: Direction = .fromFirst) {
        let bytes = Array(bytes)
        _ = connection.receive(bytes.span.bytes, of: stream, on: direction, in: Self.packet, into: &sink)
    }

    mutating func miss(_ count: UInt64, of stream: UInt64, from direction: Direction = .fromFirst) {
        connection.miss(count, of: stream, on: direction, before: Self.packet, into: &sink)
    }

    mutating func end(_ stream: UInt64, from direction: Direction = .fromFirst) {
        connection.end(stream, on: direction, in: Self.packet, into: &sink)
    }

    mutating func reset(_ stream: UInt64, _ code: UInt64, from direction: Direction = .fromFirst) {
        connection.reset(stream, code: code, on: direction, in: Self.packet, into: &sink)
    }

    mutating func stopSending(_ stream: UInt64, _ code: UInt64, from direction: Direction = .fromFirst) {
        connection.stopSending(stream, code: code, on: direction, in: Self.packet, into: &sink)
    }

    /// Packets may be missing from now on.
    mutating func lack() { connection.mayLackPackets = true }

    mutating func finish() { connection.finish(in: Self.packet, into: &sink) }

    var events: [String] { sink.events }
    /// By stream and direction.
    var data: [String: [UInt8]] { sink.data }
    var counts: HTTP2Counts { connection.counts }
}

private struct RecordingHTTP3Sink: HTTP2Sink {
    var events: [String] = []
    var data: [String: [UInt8]] = [:]

    mutating func received(
        _ data: RawSpan, of stream: HTTP2StreamID, on direction: Direction, in packet: PacketHeader
    ) -> HTTP2Interest {
        self.data["\(stream.numberInHTTP3) \(direction)", default: []] += [UInt8](data)
        return .wanted
    }

    mutating func missed(
        _ loss: HTTP2Loss, of stream: HTTP2StreamID, on direction: Direction, before packet: PacketHeader
    ) { events.append("missed \(loss.bytes)\(loss.isExact ? "" : " or so") of \(stream.numberInHTTP3)") }

    mutating func found(_ event: HTTP2Event, on direction: Direction, in packet: PacketHeader) {
        switch event {
        case .request(let head): events.append("request \(head.stream.numberInHTTP3) \(head.path ?? "-")")
        case .response(let head): events.append("response \(head.stream.numberInHTTP3) \(head.status ?? 0)")
        case .trailers(let head): events.append("trailers \(head.stream.numberInHTTP3)")
        case .candidate(let stream): events.append("candidate \(stream.numberInHTTP3)")
        case .ended(let stream): events.append("ended \(stream.numberInHTTP3) \(direction)")
        case .reset(let stream, let frame, let code): events.append("\(frame.rawValue) \(stream.numberInHTTP3) \(code)")
        case .violation(let violation): events.append("violation \(violation.rule)")
        case .goAway(let last, let code): events.append("goAway \(last.rawValue) \(code)")
        case _: events.append("\(event)")
        }
    }
}
