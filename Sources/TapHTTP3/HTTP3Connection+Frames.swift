import TapCore
import TapHTTP2

/// The frames of streams, and the streams that hold none. RFC 9114 §6 and §7.
extension HTTP3Connection {
    /// Reads what follows on a stream. Where a section has to wait for insertions, what is left waits behind it.
    mutating func process(
        _ bytes: RawSpan, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        var offset = 0
        while offset < bytes.byteCount, stream.kind != .ignored {
            let rest = bytes.from(offset)
            if stream.sides[index].waiting != nil { return wait(rest, stream, direction, packet, &sink) }
            switch stream.sides[index].reading {
            case .type(let partial): offset += readType(rest, partial, stream, direction, packet, &sink)
            case .header(let partial): offset += readHeader(rest, partial, stream, direction, packet, &sink)
            case .payload(let type, let left):
                let count = Int(min(UInt64(rest.byteCount), left))
                take(rest.upTo(count), of: type, stream, direction, packet, &sink)
                if case .payload = stream.sides[index].reading {
                    stream.sides[index].reading = .payload(type: type, left: left - UInt64(count))
                }
                offset += count
                if left == UInt64(count) { endFrame(type, stream, direction, packet, &sink) }
            case .insertions: return insert(rest, direction, packet, &sink)
            case .lost where stream.isRequest && HTTP3Alignment.begins(rest):
                giveUnread(stream, direction, packet, &sink)
                stream.sides[index].reading = .header([])
            case .lost:
                stream.sides[index].unreadBytes += UInt64(rest.byteCount)
                return
            case .ignored: return
            }
        }
    }

    /// Reads the type of a stream of one way; returns how many bytes were used.
    private mutating func readType(
        _ bytes: RawSpan, _ partial: [UInt8], _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) -> Int {
        let index = Int(direction.rawValue)
        var known = partial
        known.append(bytes.upTo(8 - partial.count))
        var reader = ByteReader(known.span.bytes)
        guard let type = reader.quicInteger() else {
            stream.sides[index].reading = .type(known)
            return bytes.byteCount
        }
        let critical = HTTP3CriticalStream(rawValue: type)
        stream.sides[index].critical = critical
        switch critical {
        case .control: stream.sides[index].reading = .header([])
        case .encoder: stream.sides[index].reading = .insertions
        // Pushes are counted by their promises, and nobody answers what is said about the table.
        case .decoder, nil: stream.sides[index].reading = .ignored
        }
        if let critical, !halves[index].critical.insert(critical).inserted {
            violate(.criticalStreamRepeated, stream, critical.name, direction, packet, &sink)
        }
        return reader.offset - partial.count
    }

    /// Reads type and length of a frame; returns how many bytes were used.
    private mutating func readHeader(
        _ bytes: RawSpan, _ partial: [UInt8], _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) -> Int {
        let index = Int(direction.rawValue)
        let known: HTTP3FrameHeader?
        if partial.isEmpty {
            stream.sides[index].firstPacket = packet
            known = HTTP3FrameHeader(bytes)
        } else {
            var joined = partial
            joined.append(bytes.upTo(HTTP3FrameHeader.longest - partial.count))
            known = HTTP3FrameHeader(joined.span.bytes)
        }
        guard let header = known else {
            var partial = partial
            partial.append(bytes)
            stream.sides[index].reading = .header(partial)
            return bytes.byteCount
        }
        let type = header.type
        guard stream.id & 2 != 0 || type != HTTP3Frame.webTransport || stream.sides[index].hasHeaders else {
            // Its other direction has no frames either.
            stream.kind = .ignored
            for side in stream.sides.indices { stream.sides[side].reading = .ignored }
            return bytes.byteCount
        }
        counts.frames += 1
        checkHeader(type, stream, direction, packet, &sink)
        stream.sides[index].section = []
        stream.sides[index].reading = .payload(type: type, left: header.length)
        switch type {
        case HTTP3Frame.data where header.length == 0: counts.emptyData += 1
        case HTTP3Frame.pushPromise: counts.pushes += 1
        case _ where HTTP3Frame.name(type) == nil: counts.unknownFrames += 1
        case _: break
        }
        if header.length == 0 { endFrame(type, stream, direction, packet, &sink) }
        return header.size - partial.count
    }

    private mutating func take(
        _ bytes: RawSpan, of type: UInt64, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        switch type {
        case HTTP3Frame.data where stream.isRequest: give(bytes, stream, direction, packet, &sink)
        case HTTP3Frame.headers where stream.isRequest,
            _ where stream.sides[index].critical == .control && HTTP3Frame.isOfControl(type):
            guard let section = stream.sides[index].section else { return }
            let limit = type == HTTP3Frame.headers ? limits.blockBytes : HTTP3Connection.longestControl
            guard section.count + bytes.byteCount <= limit else {
                stream.sides[index].section = nil
                return reach(.blockBytes, direction, packet, &sink)
            }
            stream.sides[index].section?.append(bytes)
        case _: break
        }
    }

    /// In bytes; settings are a few dozen.
    private static let longestControl = 4_096

    private mutating func give(
        _ data: RawSpan, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        switch stream.kind {
        case .ignored, .ordinary, .undecided: return
        case .candidate where !stream.isTold:
            stream.isTold = true
            sink.found(.candidate(stream.name), on: direction, in: packet)
        case .tunnel, .candidate: break
        }
        var offset = 0
        while offset < data.byteCount {
            // To a receiver that cannot tell yet no more is given than allowed, wherever the data are cut.
            let room = stream.kind == .candidate ? max(limits.candidateBytes - stream.undecidedBytes, 1) : .max
            let part = data.from(offset).upTo(room)
            offset += part.byteCount
            switch sink.received(part, of: stream.name, on: direction, in: packet) {
            case .wanted: if stream.kind == .candidate { stream.kind = .tunnel }
            case .unwanted:
                stream.kind = .ignored
                return
            case .undecided:
                stream.undecidedBytes += part.byteCount
                guard stream.kind == .candidate, stream.undecidedBytes >= limits.candidateBytes else { continue }
                reach(.candidateBytes, direction, packet, &sink)
                stream.kind = .ignored
                return sink.found(.released(stream.name), on: direction, in: packet)
            }
        }
    }

    /// The last byte of a frame came.
    mutating func endFrame(
        _ type: UInt64, _ stream: HTTP3Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if case .payload = stream.sides[index].reading { stream.sides[index].reading = .header([]) }
        switch type {
        case HTTP3Frame.headers where stream.isRequest: takeSection(stream, direction, packet, &sink)
        case _ where stream.sides[index].critical == .control && HTTP3Frame.isOfControl(type):
            takeControl(type, stream, direction, packet, &sink)
        case _: break
        }
    }

    // MARK: Insertions

    private mutating func insert(
        _ bytes: RawSpan, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard let decoder = decoder(of: direction) else {
            guard halves[index].insertions.count + bytes.byteCount <= limits.tableBytes else {
                return loseTable(direction, packet, &sink)
            }
            return halves[index].insertions.append(bytes)
        }
        decoder.insert(bytes)
        retry(direction, packet, &sink)
    }

    /// The decoder of what a direction sends, once its receiver's settings are known, by which field sections are read.
    func decoder(of direction: Direction) -> FieldSectionDecoder? { halves[Int(direction.rawValue)].decoder }

    /// Makes the decoder where that is possible now, and decodes what has waited.
    mutating func retry(
        _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if halves[index].decoder == nil { makeDecoder(direction, isForced: false) }
        let blocked = halves[index].blocked
        halves[index].blocked = []
        for id in blocked {
            guard let stream = streams[id] else { continue }
            release(stream, direction, packet, &sink)
        }
    }

    /// - Parameter isForced: whether the receiver's settings are not waited for: without any, there is no table.
    mutating func makeDecoder(_ direction: Direction, isForced: Bool) {
        let index = Int(direction.rawValue)
        let settings = halves[Int(direction.opposite.rawValue)].settings
        guard settings != nil || isForced else { return }
        let capacity = settings?[HTTP3Connection.tableCapacity] ?? 0
        let decoder = FieldSectionDecoder(tableBytes: Int(clamping: min(capacity, UInt64(limits.tableBytes))))
        // The size tells how numbers of insertions are written: RFC 9204 §4.5.1.1.
        if settings == nil || capacity > UInt64(limits.tableBytes) { decoder?.loseTable() }
        let held = halves[index].insertions
        decoder?.insert(held.span.bytes)
        halves[index].insertions = []
        halves[index].decoder = decoder
    }

    /// SETTINGS_QPACK_MAX_TABLE_CAPACITY. RFC 9204 §5.
    private static let tableCapacity: UInt64 = 1
}

/// Type and length, of variable size, before the payload of a frame. RFC 9114 §7.1.
private struct HTTP3FrameHeader {
    let type: UInt64
    let length: UInt64
    /// How many bytes it takes.
    let size: Int

    static let longest = 16

    /// `nil` where bytes of it are to come.
    init?(_ bytes: RawSpan) {
        var reader = ByteReader(bytes)
        guard let type = reader.quicInteger(), let length = reader.quicInteger() else { return nil }
        (self.type, self.length, size) = (type, length, reader.offset)
    }
}
