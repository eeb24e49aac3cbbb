import TapCore
import TapHTTP

/// What header blocks say: which streams are tunnels.
extension HTTP2Connection {
    /// A header block is over.
    mutating func take(
        _ block: HTTP2HeaderBlock, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard !block.isPush else {
            counts.pushes += 1
            if client == direction, halves[index].isWhole {
                violate(.pushByClient, block.stream, "", direction, packet, &sink)
            }
            return
        }
        if client == nil, !block.isLost, !block.isPassedOver { client = halves[index].fields.tellsClient(direction) }
        if let stream = streams.peek(block.stream), stream.sides[index].isEnded, halves[index].isWhole {
            violate(.frameAfterEnd, block.stream, "", direction, packet, &sink)
        }
        if client == direction {
            takeRequest(block, direction, packet, &sink)
        } else if client == direction.opposite {
            takeResponse(block, direction, packet, &sink)
        } else if let stream = streams.peek(block.stream), !block.isLost {
            giveLoss(of: stream, direction, packet, &sink)
            sink.found(.trailers(head(block, direction, packet)), on: direction, in: packet)
        }
        if block.endsStream { endStream(block.stream, direction, packet, &sink) }
    }

    // MARK: Requests

    private mutating func takeRequest(
        _ block: HTTP2HeaderBlock, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let id = block.stream
        if let stream = streams.peek(id), stream.kind == .tunnel {
            return takeTrailers(block, stream, direction, packet, &sink)
        }
        let isNew = id > highestStream
        if isNew {
            highestStream = id
            // Streams are opened in the order of their numbers: those below it that did not come never will.
            if let missed = missedStreams, missed.contains(id.rawValue) {
                missedStreams = missed.lowerBound < id.rawValue ? missed.lowerBound...id.rawValue - 1 : nil
            }
        }
        guard !block.isLost else {
            if isNew { missStream(id) }
            return
        }
        let isExact = halves[index].isWhole
        if isExact, !id.isOfClient { violate(.streamNumberNotOfClient, id, "\(id.rawValue)", direction, packet, &sink) }
        guard isNew || isMissed(id) else {
            if isExact, halves[index].fields.has(":method") {
                violate(.streamNumberReused, id, "\(id.rawValue)", direction, packet, &sink)
            }
            return
        }
        switch halves[index].fields.requestKind {
        case .ordinary:
            counts.ordinaryRequests += 1
            if halves[index].fields.isGRPC { counts.gRPCRequests += 1 }
            ignore(id)
        case .connect:
            counts.connects += 1
            ignore(id)
        case .otherProtocol:
            counts.otherProtocols += 1
            ignore(id)
        case .webSocket:
            counts.tunnels += 1
            guard let stream = follow(id, .tunnel, direction, packet, &sink) else { return }
            sink.found(.request(head(block, direction, packet)), on: direction, in: packet)
            judgeRequest(stream, direction, packet, &sink)
        case .unknown:
            guard follow(id, .candidate, direction, packet, &sink) != nil else { return }
            sink.found(.request(head(block, direction, packet)), on: direction, in: packet)
        case nil:
            // Trailers of a stream whose request was missed, or nothing that a server would take.
            break
        }
    }

    private mutating func judgeRequest(
        _ stream: HTTP2Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        for (rule, evidence) in halves[Int(direction.rawValue)].fields.violationsOfRequest {
            violate(rule, stream.id, evidence, direction, packet, &sink)
        }
        let server = halves[Int(direction.opposite.rawValue)]
        if hasAll(of: direction.opposite), server.settingsFrames > 0, !server.hasEnabledConnect,
            halves[Int(direction.rawValue)].fields.has(":protocol")
        {
            violate(.connectNotEnabled, stream.id, "", direction, packet, &sink)
        }
    }

    // MARK: Responses

    private mutating func takeResponse(
        _ block: HTTP2HeaderBlock, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard !block.isPassedOver else { return }
        let index = Int(direction.rawValue)
        let id = block.stream
        if streams.peek(id) == nil {
            // A request that is still to be read may be what it answers.
            let mayBeAsked = isPeerBehind || halves[Int(direction.opposite.rawValue)].isSearching
            guard !block.isLost, isMissed(id), halves[index].fields.mayOpenTunnel || mayBeAsked else { return }
            _ = follow(id, .candidate, direction, packet, &sink)
        }
        guard let stream = streams.peek(id) else { return }
        guard !block.isLost else {
            stream.hasResponse = true
            return
        }
        // Where a response may be missing, one without a status is none.
        let isTrailers = !halves[index].isWhole && halves[index].fields.isWhole && !halves[index].fields.has(":status")
        guard !stream.hasResponse, !isTrailers else { return takeTrailers(block, stream, direction, packet, &sink) }
        let head = head(block, direction, packet)
        stream.hasResponse = !head.isInterim
        giveLoss(of: stream, direction, packet, &sink)
        // Whoever judges the response knows then what is wrong with it.
        for (rule, evidence) in stream.kind == .tunnel ? halves[index].fields.violationsOfResponse : [] {
            violate(rule, id, evidence, direction, packet, &sink)
        }
        sink.found(.response(head), on: direction, in: packet)
    }

    private mutating func takeTrailers(
        _ block: HTTP2HeaderBlock, _ stream: HTTP2Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard !block.isLost else { return }
        let head = head(block, direction, packet)
        giveLoss(of: stream, direction, packet, &sink)
        sink.found(.trailers(head), on: direction, in: packet)
        if halves[Int(direction.rawValue)].isWhole, let field = head.pseudoFields.first {
            violate(.pseudoFieldInTrailers, stream.id, field.name, direction, packet, &sink)
        }
    }

    private func head(_ block: HTTP2HeaderBlock, _ direction: Direction, _ packet: PacketHeader) -> HTTP2Head {
        halves[Int(direction.rawValue)].fields.head(
            of: block.stream, version: HTTPHead.version2, blockBytes: block.bytes, endsStream: block.endsStream,
            firstPacket: block.firstPacket,
            packet: packet)
    }
}

extension HTTP2Head {
    /// Whether another response follows. RFC 9110 §15.2. A 101 is none of them: RFC 9113 §8.6.
    package var isInterim: Bool { status.map { (100..<200).contains($0) && $0 != 101 } ?? false }
}

extension FieldBlock {
    /// The head that the lines are.
    package func head(
        of stream: HTTP2StreamID, version: String, blockBytes: Int, endsStream: Bool, firstPacket: PacketHeader,
        packet: PacketHeader
    ) -> HTTP2Head {
        HTTP2Head(
            stream: stream, version: version, pseudoFields: pseudoFields, fields: fields, unknownFields: unknown,
            droppedBytes: dropped,
            blockBytes: blockBytes, endsStream: endsStream, firstPacket: firstPacket, packet: packet)
    }
}

/// What kind of request it is.
package enum HTTP2RequestKind: Equatable {
    case webSocket, connect, otherProtocol, ordinary
    /// The fields that would tell are not known.
    case unknown
}

extension FieldBlock {
    /// `nil` where it is none.
    package var requestKind: HTTP2RequestKind? {
        if let name = first(":protocol") {
            return HTTPText.equalsIgnoringCase(name, "websocket") ? .webSocket : .otherProtocol
        }
        // In HTTP/2 there is no such upgrade: RFC 9113 §8.6.
        if let upgrade = first("upgrade"), HTTPText.equalsIgnoringCase(upgrade, "websocket") { return .webSocket }
        if let method = first(":method") {
            guard method == "CONNECT" else { return .ordinary }
            return isWhole ? .connect : .unknown
        }
        if !isWhole { return .unknown }
        return lines.contains(where: \.isPseudo) ? .ordinary : nil
    }

    package var isGRPC: Bool {
        guard let type = first("content-type") else { return false }
        return type.utf8.starts(with: "application/grpc".utf8)
    }

    /// Which direction is the client's by what this one sends; `nil` where it does not tell.
    func tellsClient(_ direction: Direction) -> Direction? {
        let isRequest = has(":method") || has(":path") || has(":scheme") || has(":authority")
        guard isRequest != has(":status") else { return nil }
        return isRequest ? direction : direction.opposite
    }

    /// Whether it may be the response to an extended CONNECT; only for requests that are not known.
    var mayOpenTunnel: Bool {
        guard !has("content-length"), !isGRPC else { return false }
        guard let status = first(":status") else { return unknown > 0 }
        return status.utf8.first == UInt8(ascii: "2")
    }
}
