import TapCore

/// Header blocks, and the dynamic tables that they are decoded with.
extension HTTP2Connection {
    /// A frame begins: one that belongs to a header block, or one that may not come within one.
    mutating func beginBlock(
        of frame: inout HTTP2FrameProgress, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let header = frame.header
        if let open = halves[index].block, header.type != .continuation || header.stream != open.stream {
            if halves[index].isWhole {
                violate(.continuationMissing, open.stream, "", direction, packet, &sink)
            }
            loseBlock(direction, packet, isFault: true, &sink)
            endBlock(direction, packet, &sink)
        }
        switch header.type {
        case .headers, .pushPromise:
            let isPush = header.type == .pushPromise
            let isPassedOver = isPush || client == direction.opposite && !isFollowed(header.stream)
            halves[index].block = HTTP2HeaderBlock(
                stream: header.stream, isPush: isPush, endsStream: header.endsStream,
                firstPacket: frame.firstPacket, isLost: halves[index].decoding == .given, isPassedOver: isPassedOver)
            halves[index].fields.removeAll(isKept: !isPassedOver)
            if frame.isSkipped { loseBlock(direction, packet, isFault: true, &sink) }
        case .continuation:
            guard halves[index].block == nil else { break }
            frame.isSkipped = true
            if halves[index].isWhole { violate(.continuationUnexpected, header.stream, "", direction, packet, &sink) }
            if header.payloadLength > 0 { forgetTable(direction, packet, isFault: halves[index].isWhole, &sink) }
        case .data, .priority, .resetStream, .settings, .ping, .goAway, .windowUpdate, .unknown: break
        }
    }

    mutating func decode(
        _ bytes: RawSpan, _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard let block = halves[index].block, !block.isLost else { return }
        let rest = limits.blockBytes - block.bytes
        let isTooLong = bytes.byteCount > rest
        halves[index].block?.bytes += min(bytes.byteCount, rest)
        let isDecoded = halves[index].decode(bytes.upTo(rest), isLast: false, limits)
        if !isDecoded {
            fail(direction, packet, &sink)
        } else if isTooLong {
            reach(.blockBytes, direction, packet, &sink)
            loseBlock(direction, packet, isFault: true, &sink)
        }
    }

    /// A block could not be decoded.
    private mutating func fail(
        _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let half = halves[Int(direction.rawValue)]
        let peer = halves[Int(direction.opposite.rawValue)]
        // libnghttp2 takes no text of 64 KiB and more, and no larger table than the limit, though a peer may.
        if half.isWhole, half.decoding == .exact, hasAll(of: direction.opposite),
            peer.largestTable <= limits.tableBytes,
            let block = half.block, block.bytes < Self.longestJudgedBlock
        {
            violate(.fieldsNotDecodable, block.stream, "", direction, packet, &sink)
        }
        loseBlock(direction, packet, isFault: true, &sink)
    }

    /// In bytes.
    private static var longestJudgedBlock: Int { 32_768 }

    /// The block that is being read cannot be decoded any further.
    mutating func loseBlock(
        _ direction: Direction, _ packet: PacketHeader, isFault: Bool, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if !isFault { halves[index].isWhole = false }
        guard let block = halves[index].block, !block.isLost else { return }
        halves[index].block?.isLost = true
        forgetTable(direction, packet, isFault: isFault, &sink)
    }

    /// What was inserted into the dynamic table is not known any more.
    mutating func forgetTable(
        _ direction: Direction, _ packet: PacketHeader, isFault: Bool, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard halves[index].decoding != .given else { return }
        let isFresh = halves[index].decoding == .inside && halves[index].inflater == nil
        halves[index].inflater = nil
        halves[index].decoding = .inside
        if isFault {
            halves[index].tableFaults += 1
            if halves[index].tableFaults > limits.tableRestarts {
                halves[index].decoding = .given
                reach(.tableRestarts, direction, packet, &sink)
            }
        }
        if !isFresh { sink.found(.fieldsLost, on: direction, in: packet) }
    }

    /// The last byte of a block came.
    mutating func endBlock(
        _ direction: Direction, _ packet: PacketHeader, _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        if let block = halves[index].block, !block.isLost {
            if halves[index].decode([UInt8]().span.bytes, isLast: true, limits) {
                judgeTable(block.stream, direction, packet, &sink)
            } else {
                fail(direction, packet, &sink)
            }
        }
        guard let block = halves[index].block else { return }
        halves[index].block = nil
        if block.isLost { counts.lostBlocks += 1 }
        if halves[index].fields.dropped > 0 { reach(.headBytes, direction, packet, &sink) }
        take(block, direction, packet, &sink)
    }

    private mutating func judgeTable(
        _ stream: HTTP2StreamID, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some HTTP2Sink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let peer = halves[Int(direction.opposite.rawValue)]
        guard let size = halves[index].inflater?.tableSize, size != halves[index].tableSize else { return }
        halves[index].tableSize = size
        guard halves[index].isWhole, halves[index].decoding == .exact, size > peer.largestTable,
            hasAll(of: direction.opposite)
        else { return }
        violate(.tableTooLarge, stream, "\(size)", direction, packet, &sink)
    }
}

extension HTTP2Half {
    /// Decodes a piece of a block; the decoder is made when it is first needed.
    fileprivate mutating func decode(_ bytes: RawSpan, isLast: Bool, _ limits: HTTP2Limits) -> Bool {
        if inflater == nil {
            let usual = min(FieldInflater.usualTable, limits.tableBytes)
            // Where indexes lay beyond the usual size, the table is larger.
            let placeholders = min(usual << min(2 * tableFaults, 8), limits.tableBytes)
            inflater = FieldInflater(
                largestTable: limits.tableBytes, placeholders: decoding == .exact ? 0 : placeholders)
        }
        guard let inflater else { return false }
        return inflater.decode(bytes, isLast: isLast, into: &fields)
    }
}
