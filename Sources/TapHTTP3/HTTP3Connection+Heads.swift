import TapCore
import TapHTTP
import TapHTTP2

/// What field sections say: which streams are tunnels. RFC 9114 §4.
extension HTTP3Connection {
    /// A frame of HEADERS is over.
    mutating func takeSection(
        _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard stream.kind != .ignored, stream.kind != .ordinary else { return }
        stream.sides[index].sectionPacket = packet
        // What answers a request that waits does so, too.
        if direction != client, stream.kind == .undecided {
            stream.sides[index].waiting = []
            return
        }
        guard let section = stream.sides[index].section else {
            return takeLost(stream, direction, packet, &sink)
        }
        // A section that refers to no insertion needs no settings.
        if halves[index].decoder == nil { makeDecoder(direction, isForced: false) }
        if halves[index].decoder == nil, section.first == 0 {
            return decodePlain(section, stream, direction, packet, &sink)
        }
        guard let decoder = halves[index].decoder else { return block(stream, direction) }
        halves[index].fields.removeAll()
        switch decoder.decode(section.span.bytes, of: stream.id, into: &halves[index].fields) {
        case .decoded: take(section.count, stream, direction, packet, &sink)
        case .blocked: block(stream, direction)
        case .failed: takeLost(stream, direction, packet, &sink)
        }
    }

    private mutating func decodePlain(
        _ section: [UInt8], _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        halves[index].fields.removeAll()
        let decoder = FieldSectionDecoder(tableBytes: 0)
        guard case .decoded? = decoder?.decode(section.span.bytes, of: stream.id, into: &halves[index].fields) else {
            return takeLost(stream, direction, packet, &sink)
        }
        take(section.count, stream, direction, packet, &sink)
    }

    // MARK: Waiting

    private mutating func block(_ stream: HTTP3Stream, _ direction: Direction) {
        stream.sides[Int(direction.rawValue)].waiting = []
        halves[Int(direction.rawValue)].blocked.append(stream.id)
    }

    /// Keeps what comes behind a section that waits.
    mutating func wait(
        _ bytes: RawSpan, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let cost = bytes.byteCount + HTTP3Connection.waitingOverhead
        guard waitingBytes + cost <= HTTP3Connection.mostWaitingBytes else {
            giveUpWaiting(stream, direction, packet, &sink)
            return process(bytes, stream, direction, packet, &sink)
        }
        waitingBytes += cost
        stream.sides[index].waitingBytes += cost
        stream.sides[index].waiting?.append(([UInt8](bytes), packet))
    }

    private static let waitingOverhead = 64
    private static let mostWaitingBytes = 1 << 20

    /// What a section waits for will not come.
    mutating func giveUpWaiting(
        _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        halves[index].blocked.removeAll { $0 == stream.id }
        let waiting = takeWaiting(stream, index)
        takeLost(stream, direction, packet, &sink)
        for piece in waiting { process(piece.bytes.span.bytes, stream, direction, piece.packet, &sink) }
    }

    /// Tries a section again that has waited.
    mutating func release(
        _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let waiting = takeWaiting(stream, index)
        takeSection(stream, direction, stream.sides[index].sectionPacket ?? packet, &sink)
        for piece in waiting {
            if stream.sides[index].waiting == nil {
                process(piece.bytes.span.bytes, stream, direction, piece.packet, &sink)
            } else {
                wait(piece.bytes.span.bytes, stream, direction, piece.packet, &sink)
            }
        }
    }

    private mutating func takeWaiting(
        _ stream: HTTP3Stream, _ index: Int
    ) -> [(bytes: [UInt8], packet: PacketHeader)] {
        let waiting = stream.sides[index].waiting ?? []
        waitingBytes -= stream.sides[index].waitingBytes
        stream.sides[index].waitingBytes = 0
        stream.sides[index].waiting = nil
        return waiting
    }

    // MARK: Heads

    /// A section could not be decoded.
    private mutating func takeLost(
        _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        counts.lostBlocks += 1
        stream.sides[Int(direction.rawValue)].isUnjudged = true
        if direction == client, stream.kind == .undecided {
            stream.kind = .candidate
            releaseAnswer(stream, packet, &sink)
        }
        if direction != client { stream.hasResponse = true }
    }

    /// A request is decided: passes on what the server sent, which has waited for that.
    mutating func releaseAnswer(
        _ stream: HTTP3Stream, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let server = client.opposite
        guard stream.sides[Int(server.rawValue)].waiting != nil,
            !halves[Int(server.rawValue)].blocked.contains(stream.id)
        else { return }
        release(stream, server, packet, &sink)
    }

    private mutating func take(
        _ length: Int, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if halves[index].fields.dropped > 0 { reach(.headBytes, direction, packet, &sink) }
        let head = halves[index].fields.head(
            of: stream.name, version: HTTPHead.version3, blockBytes: length, endsStream: false,
            firstPacket: stream.sides[index].firstPacket ?? packet, packet: packet)
        if direction == client {
            takeRequest(head, stream, direction, packet, &sink)
            releaseAnswer(stream, packet, &sink)
        } else {
            takeResponse(head, stream, direction, packet, &sink)
        }
    }

    private mutating func takeRequest(
        _ head: HTTP2Head, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard stream.kind == .undecided else {
            if stream.kind == .tunnel { takeTrailers(head, stream, direction, packet, &sink) }
            return
        }
        switch halves[index].fields.requestKind {
        case .webSocket:
            counts.tunnels += 1
            stream.kind = .tunnel
            sink.found(.request(head), on: direction, in: packet)
            for (rule, evidence) in halves[index].fields.violationsOfRequest {
                violate(rule, stream, evidence, direction, packet, &sink)
            }
            let server = halves[Int(direction.opposite.rawValue)]
            if server.isWhole, let settings = server.settings, settings[HTTP3Connection.connectProtocol] != 1,
                halves[index].fields.has(":protocol")
            {
                violate(.connectNotEnabled, stream, "", direction, packet, &sink)
            }
        case .ordinary:
            counts.ordinaryRequests += 1
            if halves[index].fields.isGRPC { counts.gRPCRequests += 1 }
            stream.kind = .ordinary
        case .connect:
            counts.connects += 1
            stream.kind = .ordinary
        case .otherProtocol:
            counts.otherProtocols += 1
            stream.kind = .ordinary
        case .unknown:
            stream.kind = .candidate
            stream.isTold = true
            sink.found(.request(head), on: direction, in: packet)
        case nil: stream.kind = .ordinary
        }
    }

    /// SETTINGS_ENABLE_CONNECT_PROTOCOL. RFC 9220 §3.
    static let connectProtocol: UInt64 = 8

    private mutating func takeResponse(
        _ head: HTTP2Head, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard stream.kind == .tunnel || stream.isTold else { return }
        guard !stream.hasResponse else { return takeTrailers(head, stream, direction, packet, &sink) }
        stream.hasResponse = !head.isInterim
        if stream.kind == .tunnel {
            for (rule, evidence) in halves[index].fields.violationsOfResponse {
                violate(rule, stream, evidence, direction, packet, &sink)
            }
        }
        sink.found(.response(head), on: direction, in: packet)
    }

    /// RFC 9114 §4.3.
    private mutating func takeTrailers(
        _ head: HTTP2Head, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        sink.found(.trailers(head), on: direction, in: packet)
        let index = Int(direction.rawValue)
        if halves[index].isWhole, !stream.sides[index].isUnjudged, let field = head.pseudoFields.first {
            violate(.pseudoFieldInTrailers, stream, field.name, direction, packet, &sink)
        }
    }
}
