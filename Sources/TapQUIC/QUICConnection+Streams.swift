import TapCore
import TapSecurity

/// The streams of a connection, in order. RFC 9000 §2.
extension QUICConnection {
    func takeStream(
        _ type: UInt64, _ reader: inout ByteReader, _ number: UInt64, _ direction: Direction, _ packet: PacketHeader,
        _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) -> Bool {
        guard let id = reader.quicInteger() else { return false }
        var offset: UInt64 = 0
        if type & 4 != 0 {
            guard let given = reader.quicInteger() else { return false }
            offset = given
        }
        var length = UInt64(reader.remaining)
        if type & 2 != 0 {
            guard let given = reader.quicInteger() else { return false }
            length = given
        }
        let start = reader.offset
        guard offset <= QUICConnection.longestStream, reader.skip(Int(clamping: length)) else { return false }
        guard close == nil, let stream = stream(id, direction, packet, &sink) else { return true }
        let index = Int(direction.rawValue)
        guard !stream.sides[index].isOver else { return true }
        if type & 1 != 0, stream.sides[index].finalSize == nil {
            stream.sides[index].finalSize = offset + length
            stream.sides[index].endPacket = packet
        }
        if isLate, offset > 0, stream.sides[index].buffer.isUntouched {
            // It began before the capture did.
            sink.missed(stream.sides[index].buffer.skip(to: offset), of: id, on: direction, before: packet)
        }
        let bytes = reader.bytes.extracting(start..<reader.offset)
        receive(bytes, at: offset, number, stream, direction, packet, context, &sink)
        endIfDone(stream, direction, packet, context, &sink)
        return true
    }

    /// RFC 9000 §4.5.
    private static let longestStream: UInt64 = 1 << 62

    /// The stream with a number; `nil` where it is over, or there are too many.
    private func stream(
        _ id: UInt64, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some QUICSink & ~Copyable
    ) -> QUICStream? {
        if let stream = streams[id] { return stream }
        guard !overStreams[Int(id & 3)].contains(id >> 2) else { return nil }
        guard streams.count < limits.streams else {
            reach(.streams, direction, packet, &sink)
            return nil
        }
        let stream = QUICStream(id)
        // Only who opens a stream of one way sends on it.
        if stream.isOneWay {
            let sender = stream.isOfClient ? client : client?.opposite
            guard sender == direction else { return nil }
            stream.sides[Int(direction.opposite.rawValue)].isOver = true
        }
        streams[id] = stream
        return stream
    }

    private func receive(
        _ bytes: RawSpan, at offset: UInt64, _ number: UInt64, _ stream: QUICStream, _ direction: Direction,
        _ packet: PacketHeader, _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if let range = stream.sides[index].buffer.take(bytes, at: offset) {
            stream.sides[index].lastNumber = number
            give(bytes.extracting(range), stream, direction, packet, &sink)
            giveHeld(stream, direction, context, &sink)
        }
        let cost = stream.sides[index].buffer.costOfHolding(bytes.byteCount, at: offset)
        guard cost > 0, !stream.sides[index].isOver else { return }
        while stream.sides[index].buffer.isFull || !context.hold(cost, beside: heldBytes) {
            // Nothing waits any longer for what is missing, of this stream or else of those that hold most.
            reach(.heldBytes, direction, packet, &sink)
            guard let fullest = fullest(stream, direction) else {
                context.drop(bytes.byteCount)
                return
            }
            skipGap(fullest.0, fullest.1, context, &sink)
        }
        let before = stream.sides[index].buffer.cost
        stream.sides[index].buffer.hold(bytes, at: offset, in: packet, number: number)
        let kept = stream.sides[index].buffer.cost - before
        context.release(cost - kept)
        heldBytes += kept
        halves[index].gapped.insert(stream.id)
        if stream.sides[index].buffer.gap == 0 { giveHeld(stream, direction, context, &sink) }
    }

    /// The stream that is to wait no longer where there is no room.
    private func fullest(_ stream: QUICStream, _ direction: Direction) -> (QUICStream, Direction)? {
        if stream.sides[Int(direction.rawValue)].buffer.cost > 0 { return (stream, direction) }
        var found: (stream: QUICStream, direction: Direction, cost: Int)?
        for direction in [Direction.fromFirst, .fromSecond] {
            for id in halves[Int(direction.rawValue)].gapped {
                guard let stream = streams[id] else { continue }
                let cost = stream.sides[Int(direction.rawValue)].buffer.cost
                if cost > 0, (cost, id) > (found?.cost ?? 0, found?.stream.id ?? 0) {
                    found = (stream, direction, cost)
                }
            }
        }
        return found.map { ($0.stream, $0.direction) }
    }

    private func give(
        _ bytes: RawSpan, _ stream: QUICStream, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some QUICSink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard bytes.byteCount > 0, !stream.sides[index].isUnwanted else { return }
        if !sink.received(bytes, of: stream.id, on: direction, in: packet) { stream.sides[index].isUnwanted = true }
    }

    private func giveHeld(
        _ stream: QUICStream, _ direction: Direction, _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        while let piece = stream.sides[index].buffer.takeHeld() {
            heldBytes -= piece.cost
            context.release(piece.cost)
            stream.sides[index].lastNumber = piece.number
            give(piece.bytes.span.bytes, stream, direction, piece.packet, &sink)
        }
        if stream.sides[index].buffer.firstHeld == nil { halves[index].gapped.remove(stream.id) }
    }

    private func skipGap(
        _ stream: QUICStream, _ direction: Direction, _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard let next = stream.sides[index].buffer.firstHeld else { return }
        let count = stream.sides[index].buffer.skipGap()
        if count > 0, !stream.sides[index].isUnwanted {
            sink.missed(count, of: stream.id, on: direction, before: next.packet)
        }
        giveHeld(stream, direction, context, &sink)
        endIfDone(stream, direction, next.packet, context, &sink)
    }

    private func endIfDone(
        _ stream: QUICStream, _ direction: Direction, _ packet: PacketHeader, _ context: TLSContext,
        _ sink: inout some QUICSink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard !stream.sides[index].isOver, let size = stream.sides[index].finalSize,
            stream.sides[index].buffer.next >= size
        else { return }
        stream.sides[index].isOver = true
        // Bytes beyond the end are of no stream.
        let cost = stream.sides[index].buffer.dropHeld()
        heldBytes -= cost
        context.release(cost)
        halves[index].gapped.remove(stream.id)
        sink.ended(stream.id, on: direction, in: stream.sides[index].endPacket ?? packet)
        removeIfOver(stream)
    }

    private func removeIfOver(_ stream: QUICStream) {
        guard stream.sides[0].isOver, stream.sides[1].isOver else { return }
        streams[stream.id] = nil
        overStreams[Int(stream.id & 3)].insert(stream.id >> 2)
    }

    func reset(
        _ id: UInt64, _ code: UInt64, _ size: UInt64, _ direction: Direction, _ packet: PacketHeader,
        _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) {
        guard let stream = stream(id, direction, packet, &sink) else { return }
        let index = Int(direction.rawValue)
        guard !stream.sides[index].isOver else { return }
        // What is missing will not be sent again, and what came behind it was sent.
        for side in [direction, direction.opposite] { skipGaps(stream, side, context, &sink) }
        guard !stream.sides[index].isOver else { return }
        let count = stream.sides[index].buffer.skip(to: size)
        if count > 0, !stream.sides[index].isUnwanted {
            sink.missed(count, of: stream.id, on: direction, before: packet)
        }
        stream.sides[index].isOver = true
        sink.found(.reset(stream: id, code: code), on: direction, in: packet)
        removeIfOver(stream)
    }

    // MARK: What is missing

    /// Goes on behind what is missing, once it is certain that it will not come: its receiver has what the capture has not.
    func settleGaps(
        _ packet: PacketHeader, _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) {
        for direction in [Direction.fromFirst, .fromSecond] {
            let index = Int(direction.rawValue)
            guard !halves[index].gapped.isEmpty, !halves[index].missing.isEmpty else { continue }
            halves[index].updateMissing()
            // Mostly it is known of none for so long.
            guard halves[index].missing.contains(where: { packet.timestamp.since($0.since) >= limits.patience }) else {
                continue
            }
            for id in halves[index].gapped.sorted() {
                guard let stream = streams[id] else { continue }
                while lacksItsNext(stream.sides[index], halves[index], at: packet.timestamp) {
                    skipGap(stream, direction, context, &sink)
                }
            }
        }
    }

    /// Whether what comes next of a stream was in packets that the capture lacks. Where others between its pieces did not come that
    /// its receiver has not either, those may have carried it: then it will be sent again.
    private func lacksItsNext(_ side: QUICStream.Side, _ half: borrowing QUICHalf, at time: Timestamp) -> Bool {
        guard let held = side.buffer.firstHeld else { return false }
        let age = time.since(held.packet.timestamp)
        guard age >= limits.patience else { return false }
        var (known, between): (Bool, UInt64) = (false, 0)
        let first = side.lastNumber.map { $0 + 1 } ?? 0
        for missing in half.missing where missing.number < held.number && time.since(missing.since) >= limits.patience {
            known = true
            if missing.number >= first { between += 1 }
        }
        guard known, age < limits.patienceWithRepeats else { return known }
        return between > 0 && between == half.numbers.countMissing(in: first..<held.number)
    }

    /// Nothing comes any more that is missing.
    func skipAllGaps(_ context: TLSContext, _ sink: inout some QUICSink & ~Copyable) {
        for direction in [Direction.fromFirst, .fromSecond] {
            for id in halves[Int(direction.rawValue)].gapped.sorted() {
                if let stream = streams[id] { skipGaps(stream, direction, context, &sink) }
            }
        }
    }

    /// Nothing of a stream is waited for any longer.
    private func skipGaps(
        _ stream: QUICStream, _ direction: Direction, _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) {
        while stream.sides[Int(direction.rawValue)].buffer.firstHeld != nil {
            skipGap(stream, direction, context, &sink)
        }
    }

    /// Gives what is left of a stream.
    func finish(
        _ stream: QUICStream, _ packet: PacketHeader, _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) {
        for direction in [Direction.fromFirst, .fromSecond] {
            let index = Int(direction.rawValue)
            skipGaps(stream, direction, context, &sink)
            guard !stream.sides[index].isOver, let size = stream.sides[index].finalSize else { continue }
            let count = stream.sides[index].buffer.skip(to: size)
            if count > 0, !stream.sides[index].isUnwanted {
                sink.missed(count, of: stream.id, on: direction, before: stream.sides[index].endPacket ?? packet)
            }
            endIfDone(stream, direction, packet, context, &sink)
        }
    }
}
