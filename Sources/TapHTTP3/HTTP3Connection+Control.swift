import TapCore
import TapHTTP2

/// The control streams, and the rules of frames and of streams. RFC 9114 §6.2 and §7.2.
///
/// What a stream holds is judged from its first byte on, as long as none is missing. What is concluded from what a peer has not sent needs every
/// packet.
extension HTTP3Connection {
    /// A frame of a control stream is over.
    mutating func takeControl(
        _ type: UInt64, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard let payload = stream.sides[Int(direction.rawValue)].section else { return }
        guard type != HTTP3Frame.settings else { return takeSettings(payload, stream, direction, packet, &sink) }
        var reader = ByteReader(payload.span.bytes)
        guard let number = reader.quicInteger(), reader.remaining == 0 else {
            return violate(.frameLengthWrong, stream, "\(payload.count)", direction, packet, &sink)
        }
        if type == HTTP3Frame.goAway { takeGoAway(number, stream, direction, packet, &sink) }
    }

    private mutating func takeSettings(
        _ payload: [UInt8], _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard halves[index].settings == nil else { return }
        var settings: [UInt64: UInt64] = [:]
        var reader = ByteReader(payload.span.bytes)
        while reader.remaining > 0 {
            guard let name = reader.quicInteger(), let value = reader.quicInteger() else {
                violate(.frameLengthWrong, stream, "\(payload.count)", direction, packet, &sink)
                break
            }
            // Those of HTTP/2 that HTTP/3 has not (§7.2.4.1), and a switch that is neither on nor off (RFC 8441 §3).
            if (2...5).contains(name) || name == HTTP3Connection.connectProtocol && value > 1 {
                violate(.settingInvalid, stream, "\(name) = \(value)", direction, packet, &sink)
            } else if settings[name] != nil {
                violate(.settingInvalid, stream, "\(name) twice", direction, packet, &sink)
            }
            settings[name] = value
        }
        counts.settings += 1
        halves[index].settings = settings
        retry(direction.opposite, packet, &sink)
    }

    private mutating func takeGoAway(
        _ number: UInt64, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        // A server names a request, and nobody one behind that which was named before. RFC 9114 §5.2.
        if direction != client && number & 3 != 0 || number > halves[index].goAway ?? .max {
            violate(.goAwayWrong, stream, "\(number)", direction, packet, &sink)
        }
        halves[index].goAway = number
        // The first that is not answered, where HTTP/2 has the last that is.
        let name = HTTP2StreamID(UInt32(clamping: min(number, HTTP2StreamID.highestOfHTTP3)))
        sink.found(.goAway(lastStream: name, code: 0), on: direction, in: packet)
    }

    // MARK: Rules

    /// The type of a frame is known.
    mutating func checkHeader(
        _ type: UInt64, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if stream.sides[index].critical == .control {
            checkControl(type, stream, direction, packet, &sink)
        } else if stream.isRequest {
            checkRequest(type, stream, direction, packet, &sink)
        }
        if type == HTTP3Frame.headers { stream.sides[index].hasHeaders = true }
    }

    private mutating func checkControl(
        _ type: UInt64, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let isFirst = !stream.sides[index].hasFrame
        stream.sides[index].hasFrame = true
        let isRepeated = stream.sides[index].hasSettings && type == HTTP3Frame.settings
        if type == HTTP3Frame.settings { stream.sides[index].hasSettings = true }
        if let name = HTTP3Frame.nameInHTTP2(type) {
            violate(.frameReserved, stream, name, direction, packet, &sink)
        } else if let name = HTTP3Frame.name(type), !HTTP3Frame.isOfControl(type) {
            violate(.frameStreamWrong, stream, name, direction, packet, &sink)
        } else if isFirst, type != HTTP3Frame.settings {
            violate(.firstFrameNotSettings, stream, "", direction, packet, &sink)
        } else if isRepeated {
            violate(.settingsRepeated, stream, "", direction, packet, &sink)
        }
    }

    /// What a server sends is judged where its client's request is known: extensions have streams without frames.
    private mutating func checkRequest(
        _ type: UInt64, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let isKnown = HTTP3Frame.name(type) != nil || HTTP3Frame.nameInHTTP2(type) != nil
        // Reserved types are to be ignored: RFC 9114 §7.2.8.
        let isReserved = type >= 0x21 && (type - 0x21) % 0x1F == 0
        if !isKnown, !isReserved, !stream.sides[index].hasHeaders { stream.sides[index].isUnjudged = true }
        guard isKnown, !stream.sides[index].isUnjudged, direction == client || stream.kind == .tunnel else { return }
        if let name = HTTP3Frame.nameInHTTP2(type) {
            violate(.frameReserved, stream, name, direction, packet, &sink)
        } else if HTTP3Frame.isOfControl(type) {
            violate(.frameStreamWrong, stream, HTTP3Frame.name(type) ?? "", direction, packet, &sink)
        } else if type == HTTP3Frame.pushPromise, direction == client {
            violate(.pushByClient, stream, "", direction, packet, &sink)
        } else if type == HTTP3Frame.data, !stream.sides[index].hasHeaders {
            violate(.dataBeforeHeaders, stream, "", direction, packet, &sink)
        }
    }

    /// A stream has ended as its sender wanted: whatever it began has to be whole.
    mutating func checkEnd(
        of stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        checkClosed(stream, direction, packet, &sink)
        guard stream.isRequest, stream.kind == .tunnel else { return }
        checkControlStreams(packet, &sink)
        guard !stream.sides[Int(direction.rawValue)].isUnjudged else { return }
        switch stream.sides[Int(direction.rawValue)].reading {
        case .payload: violate(.frameCut, stream, "", direction, packet, &sink)
        case .header(let partial) where !partial.isEmpty: violate(.frameCut, stream, "", direction, packet, &sink)
        case .header, .type, .insertions, .lost, .ignored: break
        }
    }

    /// Nothing more comes on a stream.
    mutating func checkClosed(
        _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard let critical = stream.sides[Int(direction.rawValue)].critical else { return }
        violate(.criticalStreamClosed, stream, critical.name, direction, packet, &sink)
    }

    /// A socket ends: by now both peers have opened their control streams.
    mutating func checkControlStreams(_ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable) {
        guard !mayLackPackets, halves[0].isWhole, halves[1].isWhole else { return }
        for direction in [Direction.fromFirst, .fromSecond] {
            let index = Int(direction.rawValue)
            let isUndecided = streams.values.contains { stream in
                guard stream.id & 2 != 0, case .type = stream.sides[index].reading else { return false }
                return (stream.id & 1 == 0) == (direction == client)
            }
            guard !halves[index].critical.contains(.control), !isUndecided, !halves[index].isControlMissed else {
                continue
            }
            halves[index].isControlMissed = true
            sink.found(.violation(HTTP2Violation(.controlStreamMissing, .connection)), on: direction, in: packet)
        }
    }
}
