import TapCore
import TapSecurity

/// What opens a packet: the keys of its level, those that everybody can make, or those before or after an update.
extension QUICConnection {
    /// A packet that was opened: its number, and how long its payload is in the pool of ciphers.
    struct Opened {
        let number: UInt64
        let payload: CipherPool.Opened
    }

    func openInitial(
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
        guard context.mayTryHello else {
            context.unopenedHellos += 1
            return nil
        }
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

    func open(
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
        // What the capture has joined is no packet of other keys.
        guard level == .application, sizeOfJoined(bytes, numberOffset - 1) == nil else { return nil }
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
}
