import TapCore
import TapHTTP2

/// One connection of HTTP/3: takes the ordered bytes of its streams, and gives what the WebSocket tunnels in it carry, as
/// HTTP/2 does. RFC 9114, RFC 9220.
///
/// Where bytes are cut never changes what is given, as long as none are missing. Where bytes of a stream are missing, a frame that contains them stays in step;
/// behind any other hole nothing is read until a frame is certain again (``HTTP3Alignment``).
package struct HTTP3Connection: ~Copyable {
    package internal(set) var counts = HTTP2Counts()
    package let limits: HTTP2Limits
    package let client: Direction
    var halves: [HTTP3Half]
    var streams: [UInt64: HTTP3Stream] = [:]
    var reachedLimits: Set<HTTP2LimitKind> = []
    var violations = 0
    /// What waits for insertions in all streams, in bytes.
    var waitingBytes = 0

    /// What is known of what one peer sends.
    struct HTTP3Half {
        var decoder: FieldSectionDecoder?
        /// What its receiver allows: RFC 9204 §5.
        var settings: [UInt64: UInt64]?
        /// Insertions that came before it was known how large the table may be.
        var insertions: [UInt8] = []
        /// Streams whose sections wait for insertions.
        var blocked: [UInt64] = []
        var fields: FieldBlock
        /// Whether every byte was captured.
        var isWhole = true
        /// Which of the streams were opened that each peer has once.
        var critical: Set<HTTP3CriticalStream> = []
        /// Which stream the last GOAWAY named.
        var goAway: UInt64?
        /// Whether it was told that there is no control stream.
        var isControlMissed = false
    }

    /// Whether packets may be missing, of those that were sent so far.
    package var mayLackPackets = false

    package init(client: Direction, limits: HTTP2Limits) {
        self.client = client
        self.limits = limits
        halves = (0..<2).map { _ in HTTP3Half(fields: FieldBlock(limit: limits.headBytes)) }
    }

    // MARK: Input

    /// Answers whether more of the stream is wanted.
    package mutating func receive(
        _ bytes: RawSpan, of id: UInt64, on direction: Direction, in packet: PacketHeader,
        into sink: inout some HTTP2Sink & ~Copyable
    ) -> Bool {
        guard bytes.byteCount > 0 else { return true }
        guard let stream = stream(id, direction, packet, &sink), stream.kind != .ignored else { return false }
        let index = Int(direction.rawValue)
        if stream.sides[index].waiting != nil {
            wait(bytes, stream, direction, packet, &sink)
        } else {
            process(bytes, stream, direction, packet, &sink)
        }
        if case .ignored = stream.sides[index].reading { return false }
        return stream.kind != .ignored
    }

    /// Bytes of a stream were sent but are not in the capture.
    package mutating func miss(
        _ count: UInt64, of id: UInt64, on direction: Direction, before packet: PacketHeader,
        into sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        halves[index].isWhole = false
        guard count > 0, let stream = stream(id, direction, packet, &sink) else { return }
        if stream.sides[index].waiting != nil { giveUpWaiting(stream, direction, packet, &sink) }
        switch stream.sides[index].reading {
        case .payload(let type, let left):
            let inside = min(count, left)
            lose(inside, isExact: true, of: type, stream, direction, packet, &sink)
            stream.sides[index].reading = .payload(type: type, left: left - inside)
            if left == inside { endFrame(type, stream, direction, packet, &sink) }
            guard count > inside else { return }
            loseFrames(count - inside, stream, direction, packet, &sink)
        case .insertions: loseTable(direction, packet, &sink)
        case .type, .header: loseFrames(count, stream, direction, packet, &sink)
        case .lost: stream.sides[index].unreadBytes += count
        case .ignored: break
        }
    }

    /// The sender has no more to send on a stream.
    package mutating func end(
        _ id: UInt64, on direction: Direction, in packet: PacketHeader, into sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard let stream = streams[id] else { return }
        let index = Int(direction.rawValue)
        if stream.sides[index].waiting != nil { giveUpWaiting(stream, direction, packet, &sink) }
        guard !stream.sides[index].isEnded else { return }
        stream.sides[index].isEnded = true
        giveUnread(stream, direction, packet, &sink)
        checkEnd(of: stream, direction, packet, &sink)
        if stream.isRequest, stream.kind == .tunnel || stream.isTold {
            sink.found(.ended(stream.name), on: direction, in: packet)
        }
        remove(stream)
    }

    /// A peer gives up a stream, or its end of it.
    package mutating func reset(
        _ id: UInt64, by reset: StreamReset = .ofQUIC, code: UInt64, on direction: Direction, in packet: PacketHeader,
        into sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard let stream = streams[id] else { return }
        counts.resets += 1
        let index = Int(direction.rawValue)
        if stream.sides[index].waiting != nil { giveUpWaiting(stream, direction, packet, &sink) }
        for direction in [Direction.fromFirst, .fromSecond] { giveUnread(stream, direction, packet, &sink) }
        checkClosed(stream, direction, packet, &sink)
        if stream.isRequest, stream.kind == .tunnel || stream.isTold {
            sink.found(.reset(stream.name, reset, code: UInt32(clamping: code)), on: direction, in: packet)
        }
        stream.kind = .ignored
        stream.isTold = false
        // Who wants no more of a stream may itself go on: RFC 9000 §3.5.
        if reset != .stopSending { stream.sides[index].isEnded = true }
        remove(stream)
    }

    /// A peer does not want to receive any more of a stream. Who has sent all that it wanted may say so of what it asked for.
    package mutating func stopSending(
        _ id: UInt64, code: UInt64, on direction: Direction, in packet: PacketHeader,
        into sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard let stream = streams[id], stream.isRequest, !stream.sides[Int(direction.rawValue)].isEnded else { return }
        reset(id, by: .stopSending, code: code, on: direction, in: packet, into: &sink)
    }

    /// Nothing more comes.
    package mutating func finish(in packet: PacketHeader, into sink: inout some HTTP2Sink & ~Copyable) {
        settle(in: packet, into: &sink)
        if streams.values.contains(where: { $0.kind == .tunnel }) { checkControlStreams(packet, &sink) }
        streams = [:]
        for index in halves.indices { halves[index].decoder = nil }
    }

    /// Passes on what has waited for more that will not come.
    package mutating func settle(in packet: PacketHeader, into sink: inout some HTTP2Sink & ~Copyable) {
        for stream in streams.values.sorted(by: { $0.id < $1.id }) {
            for direction in [Direction.fromFirst, .fromSecond] {
                if stream.sides[Int(direction.rawValue)].waiting != nil {
                    giveUpWaiting(stream, direction, packet, &sink)
                }
                giveUnread(stream, direction, packet, &sink)
            }
        }
    }

    // MARK: Streams

    private mutating func stream(
        _ id: UInt64, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) -> HTTP3Stream? {
        if let stream = streams[id] { return stream }
        // Servers open none of both ways: RFC 9114 §6.1.
        guard id & 3 != 1, id <= HTTP2StreamID.highestOfHTTP3 else { return nil }
        guard streams.count < limits.streams else {
            reach(.streams, direction, packet, &sink)
            return nil
        }
        let stream = HTTP3Stream(id)
        streams[id] = stream
        return stream
    }

    /// What is still on its way of a stream opens no other.
    private mutating func remove(_ stream: HTTP3Stream) {
        if stream.id & 2 != 0 || stream.sides.allSatisfy(\.isEnded) { streams[stream.id] = nil }
    }

    // MARK: Holes

    /// Bytes of a frame are missing, or cannot be read.
    func lose(
        _ count: UInt64, isExact: Bool, of type: UInt64, _ stream: HTTP3Stream, _ direction: Direction,
        _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        if type != HTTP3Frame.data { stream.sides[Int(direction.rawValue)].section = nil }
        guard type == HTTP3Frame.data || !isExact, stream.kind == .tunnel || stream.isTold, count > 0 else { return }
        sink.missed(HTTP2Loss(bytes: count, isExact: isExact), of: stream.name, on: direction, before: packet)
    }

    /// Tells what was not read behind a hole, once nothing more comes.
    func giveUnread(
        _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let count = stream.sides[index].unreadBytes
        stream.sides[index].unreadBytes = 0
        lose(count, isExact: false, of: HTTP3Frame.data, stream, direction, packet, &sink)
    }

    /// It is not known any more where the next frame of a stream begins.
    private mutating func loseFrames(
        _ count: UInt64, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        lose(count, isExact: false, of: HTTP3Frame.data, stream, direction, packet, &sink)
        stream.sides[index].reading = .lost
        stream.sides[index].isUnjudged = true
        // What a server sends it was asked for.
        if stream.isRequest, stream.kind == .undecided {
            stream.kind = .candidate
            releaseAnswer(stream, packet, &sink)
        }
        if stream.id & 2 != 0 {
            // It may have been the stream of insertions.
            loseTable(direction, packet, &sink)
        }
    }

    mutating func loseTable(
        _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        decoder(of: direction)?.loseTable()
        retry(direction, packet, &sink)
        halves[index].insertions = []
    }

    mutating func reach(
        _ limit: HTTP2LimitKind, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard reachedLimits.insert(limit).inserted else { return }
        sink.found(.limitReached(limit), on: direction, in: packet)
    }

    mutating func violate(
        _ rule: HTTP2Rule, _ stream: HTTP3Stream, _ evidence: String, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        violations += 1
        guard violations <= limits.violations else { return reach(.violations, direction, packet, &sink) }
        // What is wrong with a stream of one way is wrong with the connection.
        let name = stream.id & 2 == 0 ? stream.name : .connection
        sink.found(.violation(HTTP2Violation(rule, name, evidence)), on: direction, in: packet)
    }
}

/// What kinds of frames there are. RFC 9114 §11.2.1.
enum HTTP3Frame {
    static let data: UInt64 = 0
    static let headers: UInt64 = 1
    static let cancelPush: UInt64 = 3
    static let settings: UInt64 = 4
    static let pushPromise: UInt64 = 5
    static let goAway: UInt64 = 7
    static let maxPushID: UInt64 = 13
    /// Behind it stands no length: what follows is WebTransport's to the end of the stream.
    static let webTransport: UInt64 = 0x41

    /// The name of a kind that HTTP/2 has, and HTTP/3 has not. RFC 9114 §11.2.1.
    static func nameInHTTP2(_ type: UInt64) -> String? {
        switch type {
        case 2: "PRIORITY"
        case 6: "PING"
        case 8: "WINDOW_UPDATE"
        case 9: "CONTINUATION"
        case _: nil
        }
    }

    /// The name of a kind whose stream is prescribed.
    static func name(_ type: UInt64) -> String? {
        switch type {
        case data: "DATA"
        case headers: "HEADERS"
        case cancelPush: "CANCEL_PUSH"
        case settings: "SETTINGS"
        case pushPromise: "PUSH_PROMISE"
        case goAway: "GOAWAY"
        case maxPushID: "MAX_PUSH_ID"
        case _: nil
        }
    }

    /// Whether it may stand only in control streams.
    static func isOfControl(_ type: UInt64) -> Bool {
        type == cancelPush || type == settings || type == goAway || type == maxPushID
    }
}
