import TapCore

/// The streams that are followed, and what they carry.
extension HTTP2Connection {
    // MARK: Which streams

    /// Whether the request of a stream that is not followed may have been missed.
    func isMissed(_ id: HTTP2StreamID) -> Bool {
        guard id.isOfClient, !ignoredStreams.contains(id) else { return false }
        if let missed = missedStreams, missed.contains(id.rawValue) { return true }
        // Nothing of the client was captured so far.
        guard let client else { return true }
        return id > highestStream && halves[Int(client.rawValue)].awaitsFirstFrame
    }

    /// Whether anybody looks at what a stream carries.
    mutating func isFollowed(_ id: HTTP2StreamID) -> Bool { streams[id] != nil || isMissed(id) }

    /// Requests may have been missed, from a stream on.
    mutating func missStreams(from id: UInt32) {
        let first = min(id, Self.allStreams.upperBound)
        missedStreams = min(missedStreams?.lowerBound ?? first, first)...Self.allStreams.upperBound
    }

    /// The request of one stream is not known.
    mutating func missStream(_ id: HTTP2StreamID) {
        guard id != .connection else { return }
        let missed = missedStreams ?? id.rawValue...id.rawValue
        missedStreams = min(missed.lowerBound, id.rawValue)...max(missed.upperBound, id.rawValue)
    }

    /// A stream is stepped over. Where every request is known there is no need to remember that.
    mutating func ignore(_ id: HTTP2StreamID) {
        if let stream = streams.peek(id) { remove(stream) }
        guard missedStreams != nil, ignoredStreams.count < limits.ignoredStreams else { return }
        ignoredStreams.insert(id)
    }

    /// Begins to follow a stream; `nil` where no limit allows it.
    mutating func follow(
        _ id: HTTP2StreamID, _ kind: HTTP2Stream.Kind, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) -> HTTP2Stream? {
        if let stream = streams.peek(id) {
            if stream.kind == .candidate, kind == .tunnel {
                stream.kind = .tunnel
                candidateCount -= 1
            }
            return stream
        }
        guard limits.streams > 0, kind == .tunnel || limits.candidates > 0 else { return nil }
        if kind == .candidate, candidateCount >= limits.candidates {
            reach(.candidates, direction, packet, &sink)
            let oldest = candidates.popFirst { [streams] in streams.peek($0)?.kind == .candidate }
            if let oldest { release(oldest, direction, packet, &sink) }
        }
        if streams.count >= limits.streams {
            reach(.streams, direction, packet, &sink)
            let oldest =
                halfOverStreams.popFirst { [streams] in streams.peek($0) != nil }
                ?? openStreams.popFirst { [streams] in streams.peek($0) != nil }
            if let oldest { release(oldest, direction, packet, &sink) }
        }
        let stream = HTTP2Stream(id, kind, lostBytes: [halves[0].lostBytes, halves[1].lostBytes])
        streams[id] = stream
        openStreams.append(id, live: streams.count) { [streams] in streams.peek($0) != nil }
        if kind == .candidate {
            candidateCount += 1
            candidates.append(id, live: candidateCount) { [streams] in streams.peek($0)?.kind == .candidate }
        }
        return stream
    }

    /// A stream is not followed any more.
    private mutating func release(
        _ id: HTTP2StreamID, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        counts.releasedStreams += 1
        ignore(id)
        sink.found(.released(id), on: direction, in: packet)
    }

    // MARK: Data

    mutating func give(
        _ bytes: RawSpan, of id: HTTP2StreamID, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard let stream = streams[id] ?? pickUp(id, direction, packet, &sink) else { return }
        let index = Int(direction.rawValue)
        // What follows END_STREAM belongs to no stream any more. RFC 9113 §5.1.
        if stream.sides[index].isEnded, halves[index].isWhole { return }
        giveLoss(of: stream, direction, packet, &sink)
        let isCandidate = stream.kind == .candidate
        let piece = isCandidate ? bytes.upTo(limits.candidateBytes - stream.undecidedBytes) : bytes
        switch piece.byteCount > 0 ? sink.received(piece, of: id, on: direction, in: packet) : .undecided {
        case .wanted:
            guard isCandidate else { return }
            _ = follow(id, .tunnel, direction, packet, &sink)
            if piece.byteCount < bytes.byteCount {
                give(bytes.from(piece.byteCount), of: id, direction, packet, &sink)
            }
        case .unwanted: ignore(id)
        case .undecided:
            guard isCandidate else { return }
            stream.undecidedBytes += piece.byteCount
            guard stream.undecidedBytes >= limits.candidateBytes else { return }
            reach(.candidateBytes, direction, packet, &sink)
            release(id, direction, packet, &sink)
        }
    }

    /// Data of a stream that is not followed: its request may have been missed.
    private mutating func pickUp(
        _ id: HTTP2StreamID, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) -> HTTP2Stream? {
        guard isMissed(id), let stream = follow(id, .candidate, direction, packet, &sink) else { return nil }
        sink.found(.candidate(id), on: direction, in: packet)
        return stream
    }

    // MARK: Loss

    /// Bytes of a frame of DATA are missing.
    mutating func giveLoss(
        _ loss: HTTP2Loss, of id: HTTP2StreamID, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard loss.bytes > 0, let stream = streams.peek(id) else { return }
        giveLoss(of: stream, direction, packet, &sink)
        sink.missed(loss, of: id, on: direction, before: packet)
    }

    /// What is missing of the direction since the stream was last looked at may be its own.
    mutating func giveLoss(
        of stream: HTTP2Stream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let lost = halves[index].lostBytes &- stream.sides[index].lostBytes
        guard lost > 0 else { return }
        stream.sides[index].lostBytes = halves[index].lostBytes
        guard !stream.sides[index].isEnded else { return }
        sink.missed(HTTP2Loss(bytes: lost, isExact: false), of: stream.id, on: direction, before: packet)
    }

    // MARK: Ends

    /// END_STREAM. RFC 9113 §5.1.
    mutating func endStream(
        _ id: HTTP2StreamID, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard let stream = streams.peek(id), !stream.sides[index].isEnded else { return }
        giveLoss(of: stream, direction, packet, &sink)
        stream.sides[index].isEnded = true
        sink.found(.ended(id), on: direction, in: packet)
        if stream.isOver {
            ignore(id)
        } else {
            halfOverStreams.append(id, live: streams.count) { [streams] in streams.peek($0) != nil }
        }
    }

    mutating func reset(
        _ id: HTTP2StreamID, _ code: UInt32, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        guard let stream = streams.peek(id) else {
            // What is still on its way on the stream is not that of a candidate.
            if isMissed(id) { ignore(id) }
            return
        }
        for side in [direction, direction.opposite] {
            giveLoss(of: stream, side, packet, &sink)
            endStall(of: stream, side, packet, &sink)
        }
        sink.found(.reset(id, .ofHTTP2, code: code), on: direction, in: packet)
        ignore(id)
    }
}
