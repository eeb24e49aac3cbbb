import TapCore
import TapSecurity

/// Which packets a datagram holds, and what opens them.
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
            // Behind the last packet there may be anything, most often zeros: RFC 9000 §12.2.
            guard first & 0x40 != 0 || offset == 0 && first & 0x80 != 0 else { return }
            guard first & 0x80 != 0 else {
                return takeShort(rest, direction, packet, context, &sink)
            }
            guard let header = QUICLongHeader(rest) else {
                halves[Int(direction.rawValue)].packetsUnread += 1
                return
            }
            if let receiver, receiver != header.destination { return }
            receiver = header.destination
            takeLong(rest.upTo(header.end), header, direction, packet, context, &sink)
            offset += max(header.end, 1)
        }
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
        guard let bare = open(bytes, 1 + idLength, level, direction, context) else {
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

    /// A packet that was opened: its number, and how long its payload is in the pool of ciphers.
    struct Opened {
        let number: UInt64
        let payload: CipherPool.Opened
    }

    private func openInitial(
        _ bytes: RawSpan, _ header: QUICLongHeader, _ direction: Direction, _ context: TLSContext
    ) -> Opened? {
        let index = Int(direction.rawValue)
        if initialVersion == header.version, halves[index].keys[0] != nil,
            let opened = open(bytes, header.numberOffset, .initial, direction, context)
        {
            return opened
        }
        // A server may answer in another version, with keys from the same ID: RFC 9368 §4.1, RFC 9369 §4.1. After Retry the
        // client uses another one: RFC 9001 §5.2.
        if let initialID, initialVersion != header.version,
            let opened = openInitial(bytes, header, as: initialID, direction, context)
        {
            return opened
        }
        guard client ?? triedIDs.first?.direction ?? direction == direction else { return nil }
        return openInitial(bytes, header, as: header.destination, direction, context)
    }

    /// The same with the keys that come from an ID, unless that was tried before.
    private func openInitial(
        _ bytes: RawSpan, _ header: QUICLongHeader, as id: QUICConnectionID, _ direction: Direction,
        _ context: TLSContext
    ) -> Opened? {
        guard triedIDs.count < QUICConnection.mostTriedIDs,
            !triedIDs.contains(where: { $0.id == id && $0.version == header.version && $0.direction == direction })
        else { return nil }
        guard mayTryHello(context) else { return nil }
        let (index, isClient) = (Int(direction.rawValue), client ?? direction == direction)
        let before = halves[index].keys[0]
        halves[index].keys[0] = QUICKeys.initial(header.version, clientID: id, isClient: isClient)
        guard let opened = open(bytes, header.numberOffset, .initial, direction, context) else {
            halves[index].keys[0] = before
            triedIDs.append((id, header.version, direction))
            context.unopenedHellos += 1
            return nil
        }
        context.unopenedHellos = 0
        client = client ?? direction
        if initialID != nil, id != initialID, isClient, serverHello == nil { beginAgain() }
        (initialID, initialVersion) = (id, header.version)
        facts.version = header.version
        let other = QUICKeys.initial(header.version, clientID: id, isClient: !isClient)
        halves[Int(direction.opposite.rawValue)].keys[0] = other
        return opened
    }

    /// A client that was asked for proof of its address says hello once more, some with another random: RFC 9000 §17.2.5.3.
    private func beginAgain() {
        for index in halves.indices {
            halves[index].crypto[0] = QUICReassembly()
            halves[index].messages[0].reset()
        }
        (clientHello, session) = (nil, nil)
    }

    /// More are not tried for one connection.
    private static let mostTriedIDs = 16

    /// Whether a hello is tried. Where many in a row did not open, and there are no keys, only some are until one does: what only
    /// looks like QUIC costs little then.
    private func mayTryHello(_ context: TLSContext) -> Bool {
        guard context.unopenedHellos >= QUICConnection.mostUnopenedHellos, !context.keysMayCome,
            !context.keyLog.hasTrafficSecrets
        else { return true }
        context.unopenedHellos += 1
        return context.unopenedHellos % QUICConnection.mostUnopenedHellos == 0
    }

    /// From so many in a row on that did not open, one of so many is tried.
    private static let mostUnopenedHellos = 16

    private func open(
        _ bytes: RawSpan, _ numberOffset: Int, _ level: QUICLevel, _ direction: Direction, _ context: TLSContext
    ) -> Opened? {
        let index = Int(direction.rawValue)
        guard let headers = halves[index].keys[level.rawValue]?.headers,
            let bare = QUICBarePacket(bytes, numberOffset: numberOffset, headers), !bare.hasReservedBits
        else { return nil }
        let number = bare.number(near: halves[index].highest[level.space].map { $0 + 1 } ?? 0)
        let payload = bytes.from(bare.header.count)
        let isUpdated = level == .application && bare.keyPhase != halves[index].keyPhase
        if !isUpdated, let opened = open(payload, bare, number, level, index, context) {
            return opened
        }
        guard level == .application else { return nil }
        return openUpdated(payload, bare, number, isUpdated: isUpdated, index, context)
    }

    private func open(
        _ payload: RawSpan, _ bare: QUICBarePacket, _ number: UInt64, _ level: QUICLevel, _ index: Int,
        _ context: TLSContext
    ) -> Opened? {
        guard var keys = halves[index].keys[level.rawValue],
            let opened = context.ciphers.open(payload, header: bare.header.span.bytes, with: &keys.key, number: number)
        else { return nil }
        halves[index].keys[level.rawValue] = keys
        note(number, level, index)
        return Opened(number: number, payload: opened)
    }

    /// Tries the keys before an update, and those after one or more: RFC 9001 §6.
    private func openUpdated(
        _ payload: RawSpan, _ bare: QUICBarePacket, _ number: UInt64, isUpdated: Bool, _ index: Int,
        _ context: TLSContext
    ) -> Opened? {
        let level = QUICLevel.application.rawValue
        guard let keys = halves[index].keys[level], tries < limits.tries else { return nil }
        let header = bare.header.span.bytes
        if isUpdated, var earlier = halves[index].earlierKey,
            let opened = context.ciphers.open(payload, header: header, with: &earlier, number: number)
        {
            halves[index].earlierKey = earlier
            note(number, .application, index)
            return Opened(number: number, payload: opened)
        }
        var key = keys.key
        for generation in 1...QUICConnection.mostUpdates {
            guard var next = key.next else { return nil }
            if (generation % 2 == 1) == isUpdated,
                let opened = context.ciphers.open(payload, header: header, with: &next, number: number)
            {
                halves[index].earlierKey = key
                halves[index].keys[level] = QUICKeys(next, keys.headers)
                halves[index].keyPhase = bare.keyPhase
                note(number, .application, index)
                return Opened(number: number, payload: opened)
            }
            key = next
        }
        tries += 1
        return nil
    }

    /// So many updates may be missing between two packets.
    private static let mostUpdates = 4

    private func note(_ number: UInt64, _ level: QUICLevel, _ index: Int) {
        halves[index].highest[level.space] = max(halves[index].highest[level.space] ?? 0, number)
        if level.space == QUICLevel.application.rawValue { halves[index].numbers.insert(number) }
    }

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

    /// How long the ID is with which a short header begins, which does not tell it.
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
