import TapCore
import TapSecurity

/// Which packets a datagram holds.
extension QUICConnection {
    func take(
        _ datagram: RawSpan, _ direction: Direction, _ packet: PacketHeader, _ context: TLSContext,
        _ sink: inout some QUICSink & ~Copyable
    ) {
        var offset = 0
        var receiver: QUICConnectionID?
        while offset < datagram.byteCount {
            let rest = datagram.from(offset)
            let first = rest.uint8(at: 0)
            guard first & 0x80 != 0 else {
                if let receiver, !QUICConnection.mayFollow(rest, receiver) { return }
                return takeShort(rest, direction, packet, context, &sink)
            }
            guard let header = QUICLongHeader(rest) else {
                if offset == 0 || first & 0x40 != 0 { halves[Int(direction.rawValue)].packetsUnread += 1 }
                return
            }
            if let receiver, receiver != header.destination { return }
            receiver = header.destination
            takeLong(rest.upTo(header.end), header, direction, packet, context, &sink)
            offset += max(header.end, 1)
        }
    }

    /// Whether a short header may begin behind another packet, where there may be anything, most often zeros: RFC 9000 §12.2.
    /// The fixed bit need not be set: RFC 9287.
    private static func mayFollow(_ bytes: RawSpan, _ receiver: QUICConnectionID) -> Bool {
        guard bytes.byteCount >= 1 + receiver.count + 4 else { return false }
        guard receiver.count > 0 else { return bytes.uint8(at: 0) & 0x40 != 0 || bytes.uint32(at: 0) != 0 }
        return QUICConnectionID(bytes.extracting(1..<1 + receiver.count)) == receiver
    }

    private func takeLong(
        _ bytes: RawSpan, _ header: QUICLongHeader, _ direction: Direction, _ packet: PacketHeader,
        _ context: TLSContext, _ sink: inout some QUICSink & ~Copyable
    ) {
        if facts.version == nil, header.version != .negotiation { facts.version = header.version }
        let level: QUICLevel
        switch header.kind {
        case .versionNegotiation, .retry: return
        case .initial: level = .initial
        case .zeroRTT: level = .early
        case .handshake: level = .handshake
        }
        guard header.version.schedule != nil, bytes.byteCount == header.end else {
            if header.version.schedule == nil { isIgnored = true }
            halves[Int(direction.rawValue)].packetsUnread += 1
            return
        }
        let index = Int(direction.rawValue)
        if level == .initial {
            guard let bare = openInitial(bytes, header, direction, context) else {
                halves[index].packetsUnread += 1
                return
            }
            note(header, direction, packet, &sink)
            return takeFrames(bare, .initial, direction, packet, context, &sink)
        }
        if level == .handshake, facts.version != header.version, serverHello == nil || halves[index].keys[2] == nil {
            facts.version = header.version
        }
        if halves[index].keys[level.rawValue] == nil { deriveKeys(level, direction, context) }
        if halves[index].keys[level.rawValue] == nil { guessSuite(bytes, header, level, direction, context) }
        let isTooEarly = level == .early && acceptsEarlyData == nil
        guard !isTooEarly, halves[index].keys[level.rawValue] != nil else {
            if level == .early, acceptsEarlyData == false { return }
            return wait(bytes, direction, packet, context)
        }
        guard let bare = open(bytes, header.numberOffset, level, direction, context) else {
            halves[index].packetsUnread += 1
            return
        }
        note(header, direction, packet, &sink)
        takeFrames(bare, level, direction, packet, context, &sink)
    }

    private func takeShort(
        _ bytes: RawSpan, _ direction: Direction, _ packet: PacketHeader, _ context: TLSContext,
        _ sink: inout some QUICSink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        let level = QUICLevel.application
        if halves[index].keys[level.rawValue] == nil { deriveKeys(level, direction, context) }
        guard let idLength = receiverIDLength(of: bytes, direction) ?? findIDLength(of: bytes, direction, context),
            halves[index].keys[level.rawValue] != nil
        else { return wait(bytes, direction, packet, context) }
        if bytes.byteCount > QUICConnection.longestSent, let size = sizeOfJoined(bytes, idLength) {
            return takeJoined(bytes, size, direction, packet, context, &sink)
        }
        guard let bare = open(bytes, 1 + idLength, level, direction, context) else {
            if let size = sizeOfJoined(bytes, idLength) {
                return takeJoined(bytes, size, direction, packet, context, &sink)
            }
            halves[index].packetsUnread += 1
            return
        }
        halves[index].packetsRead += 1
        if isLate, halves[index].receiverIDs.isEmpty,
            let id = QUICConnectionID(bytes.extracting(1..<1 + idLength))
        {
            add(id, on: direction, packet, &sink)
        }
        if !hasData {
            hasData = true
            sink.found(.dataBegins, on: direction, in: packet)
        }
        if direction != client, acceptsEarlyData == nil {
            acceptsEarlyData = true
            mayGoOn = true
        }
        takeFrames(bare, level, direction, packet, context, &sink)
    }

    // MARK: Offloading

    /// In bytes: what fits into a frame of Ethernet.
    private static let longestSent = 1_500

    /// Machines that leave it to their network interfaces to divide what they send, or to join what they receive, capture several packets as one
    /// datagram. All but the last are equally long; answers how long, where another one begins with the same ID.
    func sizeOfJoined(_ bytes: RawSpan, _ idLength: Int) -> Int? {
        guard idLength >= 4, bytes.byteCount >= 2 * (QUICConnection.shortest + idLength) else { return nil }
        let start = bytes.uint32(at: 1)
        var offset = QUICConnection.shortest + idLength
        while offset + QUICConnection.shortest + idLength <= bytes.byteCount {
            if bytes.uint32(at: offset + 1) == start, bytes.uint8(at: offset) & 0x80 == 0,
                QUICConnectionID(bytes.extracting(offset + 1..<offset + 1 + idLength))
                    == QUICConnectionID(bytes.extracting(1..<1 + idLength))
            {
                return offset
            }
            offset += 1
        }
        return nil
    }

    /// A packet has no fewer bytes beside its ID: first byte, number and payload, which are four at least, and the tag.
    private static let shortest = 21

    private func takeJoined(
        _ bytes: RawSpan, _ size: Int, _ direction: Direction, _ packet: PacketHeader, _ context: TLSContext,
        _ sink: inout some QUICSink & ~Copyable
    ) {
        var offset = 0
        while offset < bytes.byteCount {
            takeShort(bytes.from(offset).upTo(size), direction, packet, context, &sink)
            offset += size
        }
    }

    // MARK: IDs

    /// Takes note of the sender's ID in a packet that was opened: by it the peer addresses it.
    private func note(
        _ header: QUICLongHeader, _ direction: Direction, _ packet: PacketHeader,
        _ sink: inout some QUICSink & ~Copyable
    ) {
        add(header.source, on: direction.opposite, packet, &sink)
        if direction != client, serverHello == nil { facts.version = header.version }
    }

    func add(
        _ id: QUICConnectionID, on direction: Direction, _ packet: PacketHeader,
        _ sink: inout some QUICSink & ~Copyable
    ) {
        let index = Int(direction.rawValue)
        guard !halves[index].receiverIDs.contains(id) else { return }
        if halves[index].receiverIDs.count >= limits.ids { halves[index].receiverIDs.removeFirst() }
        halves[index].receiverIDs.append(id)
        sink.found(.receiverID(id), on: direction, in: packet)
    }

    /// The length of the ID at the start of a short header, which does not state it.
    private func receiverIDLength(of bytes: RawSpan, _ direction: Direction) -> Int? {
        let known = halves[Int(direction.rawValue)].receiverIDs
        for id in known {
            guard bytes.byteCount >= 1 + id.count else { continue }
            if QUICConnectionID(bytes.extracting(1..<1 + id.count)) == id { return id.count }
        }
        return known.last?.count ?? halves[Int(direction.rawValue)].idLength
    }

    // MARK: Waiting

    /// Keeps a packet until its keys come, as far as there is room.
    private func wait(_ bytes: RawSpan, _ direction: Direction, _ packet: PacketHeader, _ context: TLSContext) {
        let isRoom = context.keysMayCome || waiting.count < limits.reorderedPackets && !isHopeless(context)
        let cost = bytes.byteCount + QUICConnection.waitingOverhead
        guard isRoom, context.hold(cost, beside: waitingBytes) else {
            if isRoom { context.drop(bytes.byteCount) }
            halves[Int(direction.rawValue)].packetsUnread += 1
            return
        }
        waitingBytes += cost
        waiting.append(Waiting(bytes: [UInt8](bytes), direction: direction, packet: packet))
    }

    private static let waitingOverhead = 96

    /// Opens what has waited, where that may be possible now.
    func goOn(_ context: TLSContext, _ sink: inout some QUICSink & ~Copyable) {
        while mayGoOn {
            mayGoOn = false
            guard !waiting.isEmpty else { return }
            let entries = waiting
            context.release(waitingBytes)
            (waiting, waitingBytes) = ([], 0)
            for entry in entries {
                take(entry.bytes.span.bytes, entry.direction, entry.packet, context, &sink)
            }
        }
    }
}
