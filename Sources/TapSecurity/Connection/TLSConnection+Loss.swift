import TapCore

/// Bytes that are missing, and the records after them.
extension TLSConnection {
    /// How many records are passed over before it is given up to find one that opens.
    private static let longestSearch = 1_024

    func lose(_ count: Int, on direction: TLSDirection, _ context: TLSContext) {
        let number = direction.rawValue
        let hadRecord = halves[number].framing.bufferedCount > 0
        let lost = halves[number].framing.miss(count, context)
        halves[number].missingBytes += count + lost
        halves[number].handshake.reset()
        if halves[number].stage == .clear { halves[number].lacksHandshake = true }
        var loss = halves[number].loss ?? TLSHalf.Loss()
        loss.wireBytes += count + lost
        if hadRecord { loss.records += 1 }
        if let key = halves[number].protection?.key, key.isChained {
            halves[number].protection?.key.isChainKnown = false
        }
        halves[number].loss = loss
    }

    /// What should begin a record does not.
    func lostPlace(_ direction: TLSDirection, _ context: TLSContext) {
        let number = direction.rawValue
        halves[number].framing.mode = .seeking
        halves[number].handshake.reset()
        if let key = halves[number].protection?.key, key.isChained {
            halves[number].protection?.key.isChainKnown = false
        }
        if halves[number].stage == .clear { halves[number].lacksHandshake = true }
        if halves[number].loss == nil { halves[number].loss = TLSHalf.Loss() }
    }

    /// Looks for the next record; returns whether one was found, or the direction does not look for one any more.
    func seek(
        _ bytes: RawSpan, from offset: inout Int, on direction: TLSDirection, in packet: PacketHeader,
        _ context: TLSContext, into sink: inout some TLSSink & ~Copyable
    ) -> Bool {
        let number = direction.rawValue
        if offset < bytes.byteCount {
            halves[number].framing.keep(bytes.from(offset), of: packet, context)
            offset = bytes.byteCount
        }
        return findRecord(isLast: false, on: direction, in: packet, context, into: &sink)
    }

    /// Nothing follows what came of a record, or of what the next one is sought in: takes the records among it.
    ///
    /// Returns whether what comes next may be taken; else it must wait.
    func settle(
        _ direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) -> Bool {
        let number = direction.rawValue
        while halves[number].isRead, halves[number].framing.bufferedCount > 0 {
            let count = halves[number].framing.bufferedCount
            if halves[number].framing.mode == .seeking,
                !findRecord(isLast: true, on: direction, in: packet, context, into: &sink)
            {
                break
            }
            _ = consume(RawSpan(), on: direction, in: packet, context, into: &sink)
            if halves[number].framing.bufferedCount == count { break }
        }
        return !halves[number].isWaiting && !mustGoOn
    }

    /// Looks for the next record in what has come. A record of which no key tells is one only if another follows, or nothing.
    private func findRecord(
        isLast: Bool, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) -> Bool {
        let number = direction.rawValue
        while true {
            pass(halves[number].framing.pending?.passToHeader() ?? 0, direction)
            guard let pending = halves[number].framing.pending else { return false }
            pending.first = pending.packet(at: pending.start, or: packet)
            guard let header = pending.header else {
                halves[number].framing.compact(context)
                return false
            }
            if pending.count < header.recordLength {
                guard isLast else {
                    halves[number].framing.compact(context)
                    return false
                }
            } else if halves[number].stage == .protected, halves[number].protection?.key.isChained == false {
                if openSought(header.recordLength, on: direction, in: packet, context, into: &sink) { return true }
                if halves[number].stage != .protected { return true }
            } else {
                let isFollowed = pending.isFollowed(header.recordLength, isLast: isLast)
                if isFollowed == true || opensBySearch(header.recordLength, on: direction, context) {
                    halves[number].framing.mode = .aligned
                    return true
                }
                if isFollowed == nil { return false }
            }
            pending.start += 1
            pass(1, direction)
        }
    }

    private func pass(_ count: Int, _ direction: TLSDirection) {
        guard count > 0 else { return }
        halves[direction.rawValue].loss = halves[direction.rawValue].loss ?? TLSHalf.Loss()
        halves[direction.rawValue].loss?.wireBytes += count
    }

    /// Opens what looks like a record, where its beginning is not known for certain.
    private func openSought(
        _ count: Int, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) -> Bool {
        let number = direction.rawValue
        guard let pending = halves[number].framing.pending else { return false }
        let (first, last) = (pending.first ?? packet, pending.packet(at: pending.start + count - 1, or: packet))
        let bytes = pending.bytes
        let record = bytes.span.bytes.from(pending.start).upTo(count)
        let opened = open(record, direction, context, before: last, into: &sink)
        guard let opened else { return false }
        halves[number].framing.mode = .aligned
        halves[number].framing.drop(count, in: packet, context)
        deliver(opened, on: direction, from: first, to: last, context, into: &sink)
        return true
    }

    /// Opens a record that is the next one, or the next after those that are missing.
    func open(
        _ record: RawSpan, _ direction: TLSDirection, _ context: TLSContext, before packet: PacketHeader,
        into sink: inout some TLSSink & ~Copyable
    ) -> CipherPool.Opened? {
        let number = direction.rawValue
        guard let loss = halves[number].loss else {
            return halves[number].protection?.openNext(record, context.ciphers)
                ?? openLater(record, direction, numbers: 0, context)?.opened
        }
        let epoch = halves[number].protection?.epoch
        let lacksData = mayLackEarlyData(direction)
        guard let found = openAfterLoss(record, direction, numbers: loss.mostRecords, context) else { return nil }
        // Of a handshake no data is missing, and no record of this key where its number is the next.
        if found.skipped == 0, !lacksData, !found.isLater || epoch == .handshake {
            halves[number].loss = nil
        } else {
            reportLoss(upTo: found.skipped, extra: 0, on: direction, before: packet, into: &sink)
        }
        return found.opened
    }

    /// Whether early data may be among what is missing before the first record that opens.
    private func mayLackEarlyData(_ direction: TLSDirection) -> Bool {
        halves[direction.rawValue].recordsRead == 0 && client != direction.opposite
            && clientHello?.offersEarlyData != false
    }

    /// A record that was opened behind missing ones: how many there are before it under its key, and whether that is another than before.
    private struct OpenedLater {
        let opened: CipherPool.Opened
        let skipped: UInt64
        var isLater = true
    }

    private func openAfterLoss(
        _ record: RawSpan, _ direction: TLSDirection, numbers: UInt64, _ context: TLSContext
    ) -> OpenedLater? {
        let number = direction.rawValue
        guard var key = halves[number].protection?.key else { return nil }
        let sequence = key.sequence
        if let found = find(record, with: &key, from: sequence, count: numbers + 1, context) {
            key.sequence = found.number &+ 1
            halves[number].protection?.change(to: key)
            return OpenedLater(opened: found.opened, skipped: found.number - sequence, isLater: false)
        }
        halves[number].protection?.change(to: key)
        return openLater(record, direction, numbers: numbers, context)
    }

    /// Opens a record with the keys that come after those of now, and goes on with those.
    private func openLater(
        _ record: RawSpan, _ direction: TLSDirection, numbers: UInt64, _ context: TLSContext
    ) -> OpenedLater? {
        let number = direction.rawValue
        for (key, epoch) in laterKeys(of: direction, afterLoss: numbers > 0, context) {
            var later = key
            if let found = find(record, with: &later, from: 0, count: numbers + 1, context) {
                later.sequence = found.number &+ 1
                let isProven = halves[number].protection?.isProven ?? false
                halves[number].protection = TLSHalf.Protection(key: later, epoch: epoch, isProven: isProven)
                halves[number].handshake.reset()
                return OpenedLater(opened: found.opened, skipped: found.number)
            }
        }
        return nil
    }

    /// Tries numbers one after the other, within the limits.
    func find(
        _ record: RawSpan, with key: inout RecordKey, from first: UInt64, count: UInt64, _ context: TLSContext
    ) -> (opened: CipherPool.Opened, number: UInt64)? {
        // Mostly the number stands in the record: RFC 5288 §3.
        var hint = count > 1 ? key.explicitNumber(in: record) : nil
        if let number = hint {
            if number < first || number - first >= count {
                hint = nil
            } else if let opened = attempt(record, with: &key, number, context) {
                return (opened, number)
            }
        }
        var number = first
        var left = count
        while left > 0, mayTry(context) {
            if number != hint, let opened = attempt(record, with: &key, number, context) { return (opened, number) }
            number &+= 1
            left -= 1
        }
        return nil
    }

    private func attempt(
        _ record: RawSpan, with key: inout RecordKey, _ number: UInt64, _ context: TLSContext
    ) -> CipherPool.Opened? {
        guard mayTry(context) else { return nil }
        tries += 1
        context.tries += 1
        return context.ciphers.open(record, with: &key, number: number)
    }

    /// Whether the limits allow another attempt to open a record whose secret or number is not known.
    func mayTry(_ context: TLSContext) -> Bool {
        tries < context.limits.tries && context.tries < context.limits.triesInAll
    }

    /// A record did not open.
    func fail(_ record: RawSpan, _ direction: TLSDirection, _ context: TLSContext) {
        let number = direction.rawValue
        halves[number].protection?.key.keepLastBlock(of: record)
        guard
            halves[number].protection?.isProven == true
                || halves[number].protection != nil && halves[number].loss != nil
        else {
            halves[number].recordsUnread += 1
            halves[number].protection?.failures += 1
            if let failures = halves[number].protection?.failures, failures > context.limits.handshakeRecords {
                halves[number].stage = .ignored(halves[number].missingBytes > 0 ? .bytesMissing : .wrongKey)
            }
            return
        }
        halves[number].recordsUnread += 1
        halves[number].handshake.reset()
        var loss = halves[number].loss ?? TLSHalf.Loss()
        loss.wireBytes += record.byteCount
        loss.records += 1
        halves[number].loss = loss
        if loss.records > Self.longestSearch || tries >= context.limits.tries {
            halves[number].stage = .ignored(.bytesMissing)
        }
    }

    /// Reports what is missing before a record that opened, or before the end.
    func reportLoss(
        upTo skipped: UInt64?, extra: Int, on direction: TLSDirection, before packet: PacketHeader,
        into sink: inout some TLSSink & ~Copyable
    ) {
        let number = direction.rawValue
        let loss = halves[number].loss ?? TLSHalf.Loss()
        halves[number].loss = nil
        let wire = loss.wireBytes + extra
        guard wire > 0 || (skipped ?? 1) > 0 else { return }
        let key = halves[number].protection?.key
        let records = Int(clamping: skipped ?? 1)
        let plain = max(wire - min(records, wire) * (key?.overhead ?? RecordHeader.length), 0)
        sink.missed(
            TLSLoss(
                wireBytes: wire, records: skipped, plainBytes: plain,
                isExact: skipped != nil && key?.hasExactLengths == true),
            on: direction, before: packet)
    }
}

extension PendingRecord {
    /// The header at the beginning.
    fileprivate var header: RecordHeader? {
        let bytes = bytes
        return RecordHeader(bytes.span.bytes, at: start).flatMap { $0.bodyLength > 0 ? $0 : nil }
    }

    /// Steps over what begins no record; returns how many bytes.
    fileprivate func passToHeader() -> Int {
        let before = start
        start = nextHeader
        return start - before
    }

    private var nextHeader: Int {
        let all = bytes
        let bytes = all.span.bytes
        var offset = start
        while offset + RecordHeader.length <= bytes.byteCount {
            if 20...24 ~= bytes.uint8(at: offset), let header = RecordHeader(bytes, at: offset), header.bodyLength > 0 {
                break
            }
            offset += 1
        }
        return offset
    }

    /// Whether another record follows one of this length, or nothing does; `nil` where that is not known yet.
    fileprivate func isFollowed(_ length: Int, isLast: Bool) -> Bool? {
        let bytes = bytes
        let rest = bytes.span.bytes.from(start + length)
        if rest.byteCount >= RecordHeader.length { return RecordHeader(rest) != nil }
        guard isLast else { return nil }
        return rest.isEmpty || 20...24 ~= rest.uint8(at: 0) && (rest.byteCount == 1 || rest.uint8(at: 1) == 3)
    }
}
