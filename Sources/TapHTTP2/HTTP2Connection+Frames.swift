import TapCore

/// Frames: headers, padding, and where their payload goes.
extension HTTP2Connection {
    mutating func readHeader(
        _ bytes: RawSpan, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) -> Int {
        let index = Int(direction.rawValue)
        if halves[index].partialHeader.isEmpty {
            if bytes.byteCount >= HTTP2FrameHeader.length {
                begin(HTTP2FrameHeader(bytes), direction, first: packet, packet, &sink)
                return HTTP2FrameHeader.length
            }
            halves[index].partialPacket = packet
        }
        let count = min(HTTP2FrameHeader.length - halves[index].partialHeader.count, bytes.byteCount)
        halves[index].partialHeader.append(bytes.upTo(count))
        if halves[index].partialHeader.count == HTTP2FrameHeader.length {
            let whole = halves[index].partialHeader
            let header = HTTP2FrameHeader(whole.span.bytes)
            halves[index].partialHeader.removeAll(keepingCapacity: true)
            begin(header, direction, first: halves[index].partialPacket ?? packet, packet, &sink)
        }
        return count
    }

    /// The fast path for most of what is sent: a whole frame of DATA without padding on a tunnel, or on a stream that nobody looks
    /// at, of which nothing is wrong but perhaps with its windows. Answers how long it is; 0 where it is anything else.
    mutating func readWholeData(
        _ bytes: RawSpan, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) -> Int {
        let index = Int(direction.rawValue)
        guard bytes.byteCount >= HTTP2FrameHeader.length, bytes.uint8(at: 3) == 0, bytes.uint8(at: 4) & 0x8 == 0,
            halves[index].partialHeader.isEmpty, halves[index].block == nil, !halves[index].awaitsFirstFrame
        else { return 0 }
        let count = Int(bytes.uint32(at: 0) >> 8)
        let length = HTTP2FrameHeader.length + count
        let id = HTTP2StreamID(bytes.uint32(at: 5))
        guard count > 0, bytes.byteCount >= length, count <= halves[Int(direction.opposite.rawValue)].largestFrame,
            count <= Self.longestDoubted, id != .connection
        else { return 0 }
        guard let stream = streams[id] else {
            guard !isMissed(id) else { return 0 }
            counts.frames += 1
            spend(count, on: id, direction, packet, &sink)
            return length
        }
        guard stream.kind == .tunnel, !stream.sides[index].isEnded else { return 0 }
        counts.frames += 1
        if halves[index].isWhole { judgeWindows(count, stream, direction, packet, &sink) }
        give(bytes.extracting(HTTP2FrameHeader.length..<length), of: id, direction, packet, &sink)
        spend(count, on: id, direction, packet, &sink)
        if bytes.uint8(at: 4) & 0x1 != 0 { endStream(id, direction, packet, &sink) }
        return length
    }

    private mutating func begin(
        _ header: HTTP2FrameHeader, _ direction: Direction, first: PacketHeader, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let isPossible = header.hasPossibleLength && header.hasPossibleStream
        if halves[index].awaitsFirstFrame {
            halves[index].awaitsFirstFrame = false
            let isSettings = header.type == .settings && !header.isAcknowledgement
            guard isSettings || isPossible && header.payloadLength <= HTTP2FrameHeader.usualPayload else {
                return refuse(direction, packet, &sink)
            }
            if !isSettings { violate(.firstFrameNotSettings, header.stream, "", direction, packet, &sink) }
        }
        if !halves[index].isWhole, !isPossible || header.payloadLength > Self.longestDoubted {
            return loseAlignment(direction, packet, lost: HTTP2FrameHeader.length, &sink)
        }
        counts.frames += 1
        var frame = HTTP2FrameProgress(header, firstPacket: first)
        if !isPossible {
            frame.isSkipped = true
            frame.prefixLeft = 0
        }
        if header.type == .settings { halves[index].newSettings = HTTP2Settings() }
        judge(header, direction, packet, &sink)
        beginBlock(of: &frame, direction, packet, &sink)
        if header.type == .data, !header.isPadded, !isFollowed(header.stream) { frame.isSkipped = true }
        count(header)
        goOn(with: frame, direction, packet, &sink)
    }

    /// Where frames were found by seeking, a longer one tells that these are none, in bytes of payload.
    private static let longestDoubted = 1 << 20

    /// What the header alone breaks.
    private mutating func judge(
        _ header: HTTP2FrameHeader, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard halves[index].isWhole else { return }
        let peer = Int(direction.opposite.rawValue)
        if !header.hasPossibleLength {
            violate(.frameLengthWrong, header.stream, "\(header.payloadLength)", direction, packet, &sink)
        }
        if !header.hasPossibleStream { violate(.frameStreamWrong, header.stream, "", direction, packet, &sink) }
        if header.payloadLength > halves[peer].largestFrame, hasAll(of: direction.opposite) {
            violate(.frameTooLong, header.stream, "\(header.payloadLength)", direction, packet, &sink)
        }
        guard header.type == .data, let stream = streams[header.stream] else { return }
        if stream.sides[index].isEnded { violate(.frameAfterEnd, header.stream, "", direction, packet, &sink) }
        judgeWindows(header.payloadLength, stream, direction, packet, &sink)
    }

    private mutating func count(_ header: HTTP2FrameHeader) {
        switch header.type {
        case .data: if header.payloadLength == 0, !header.endsStream { counts.emptyData += 1 }
        case .resetStream: counts.resets += 1
        case .settings: counts.settings += 1
        case .ping: counts.pings += 1
        case .continuation: counts.continuations += 1
        case .unknown: counts.unknownFrames += 1
        case .headers, .priority, .pushPromise, .goAway, .windowUpdate: break
        }
    }

    mutating func readPayload(
        _ bytes: RawSpan, of frame: HTTP2FrameProgress, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) -> Int {
        var frame = frame
        var offset = 0
        while frame.prefixLeft > 0, offset < bytes.byteCount {
            frame.prefix = frame.prefix << 8 | UInt64(bytes.uint8(at: offset))
            frame.prefixLeft -= 1
            frame.left -= 1
            offset += 1
            if frame.prefixLeft == 0 { readPrefix(of: &frame, direction, packet, &sink) }
        }
        let body = max(0, min(bytes.byteCount - offset, frame.bodyLeft))
        if body > 0, frame.prefixLeft == 0 {
            frame.left -= body
            if !frame.isSkipped {
                readBody(bytes.from(offset).upTo(body), of: frame.header, direction, packet, &sink)
            }
            offset += body
        }
        let padding = frame.prefixLeft == 0 ? min(bytes.byteCount - offset, frame.left) : 0
        frame.left -= padding
        offset += padding
        goOn(with: frame, direction, packet, &sink)
        return offset
    }

    /// Waits for the rest of a frame, or ends it.
    mutating func goOn(
        with frame: HTTP2FrameProgress, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard frame.left == 0 else {
            halves[index].reading = .frame
            halves[index].frame = frame
            return
        }
        halves[index].reading = .header
        let header = frame.header
        switch header.type {
        case .data:
            spend(header.payloadLength, on: header.stream, direction, packet, &sink)
            if header.endsStream, header.hasPossibleStream { endStream(header.stream, direction, packet, &sink) }
        case .headers, .pushPromise, .continuation:
            if header.endsHeaders { endBlock(direction, packet, &sink) }
        case .settings: if !frame.isSkipped { endSettings(header, direction, packet, &sink) }
        case .priority, .resetStream, .ping, .goAway, .windowUpdate, .unknown: break
        }
    }

    private mutating func readPrefix(
        of frame: inout HTTP2FrameProgress, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let header = frame.header
        let number = UInt32(truncatingIfNeeded: frame.prefix)
        switch header.type {
        case .data: frame.padding = Int(number & 0xFF)
        case .headers: if header.isPadded { frame.padding = Int(frame.prefix >> (header.hasPriority ? 40 : 0) & 0xFF) }
        case .pushPromise: if header.isPadded { frame.padding = Int(frame.prefix >> 32 & 0xFF) }
        case .resetStream: reset(header.stream, number, direction, packet, &sink)
        case .windowUpdate: grant(number & 0x7FFF_FFFF, on: header.stream, direction, packet, &sink)
        case .goAway:
            goAway(HTTP2StreamID(UInt32(truncatingIfNeeded: frame.prefix >> 32)), number, direction, packet, &sink)
        case .settings:
            set(UInt16(truncatingIfNeeded: frame.prefix >> 32), to: number, direction, packet, &sink)
            frame.prefix = 0
            frame.prefixLeft = frame.left >= 6 ? 6 : 0
        case .priority, .ping, .continuation, .unknown: break
        }
        guard frame.padding > frame.left else { return }
        if halves[Int(direction.rawValue)].isWhole {
            violate(.paddingTooLong, header.stream, "\(frame.padding)", direction, packet, &sink)
        }
        frame.padding = frame.left
        if header.hasFields { loseBlock(direction, packet, isFault: true, &sink) }
    }

    private mutating func readBody(
        _ bytes: RawSpan, of header: HTTP2FrameHeader, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        switch header.type {
        case .data: give(bytes, of: header.stream, direction, packet, &sink)
        case .headers, .pushPromise, .continuation: decode(bytes, direction, packet, &sink)
        case .priority, .resetStream, .settings, .ping, .goAway, .windowUpdate, .unknown: break
        }
    }

    /// Bytes of a frame are missing.
    mutating func lose(
        _ count: Int, of frame: inout HTTP2FrameProgress, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard !frame.isSkipped else { return }
        let index = Int(direction.rawValue)
        let isPrefixLost = frame.prefixLeft > 0
        switch frame.header.type {
        case .data:
            let body = isPrefixLost ? frame.left - frame.prefixLeft : min(count, max(0, frame.bodyLeft))
            giveLoss(
                HTTP2Loss(bytes: UInt64(body), isExact: !isPrefixLost), of: frame.header.stream, direction, packet,
                &sink)
        case .headers, .pushPromise, .continuation:
            if isPrefixLost || frame.bodyLeft > 0 { loseBlock(direction, packet, isFault: false, &sink) }
        case .settings, .resetStream, .windowUpdate:
            if isPrefixLost { halves[index].isWhole = false }
        case .priority, .ping, .goAway, .unknown: break
        }
        guard isPrefixLost else { return }
        frame.isSkipped = true
        frame.prefixLeft = 0
    }
}
