import TapCore

/// Input that waits, and goes on.
extension TLSConnection {
    func hold(_ bytes: RawSpan, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext) {
        guard bytes.byteCount > 0 else { return }
        queue.add(bytes, on: direction, in: packet, context)
    }

    /// What waits, empty if nothing did so far.
    var queue: HeldInput {
        if let held { return held }
        let new = HeldInput()
        held = new
        return new
    }

    /// What came of a record, or of what the next record is sought in, waits as what comes after it does.
    func holdBuffered(on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext) {
        guard let pending = halves[direction.rawValue].framing.pending else { return }
        let (queue, bytes) = (queue, pending.bytes)
        var place = pending.start
        for mark in pending.marks + [PendingRecord.Mark(end: bytes.count, packet: packet)] where mark.end > place {
            let piece = bytes.span.bytes.from(place).upTo(mark.end - place)
            queue.insert(piece, on: direction, in: mark.packet, context)
            place = mark.end
        }
        halves[direction.rawValue].framing.clear(context)
    }

    /// Takes up what waited, as far as what it waited for is there now.
    func goOn(isLast: Bool, _ context: TLSContext, into sink: inout some TLSSink & ~Copyable) {
        while mayGoOn {
            mayGoOn = false
            var isAnyFree = false
            var isMoreFree = true
            // What frees one direction may free the other, and then both go on in the order in which their bytes came.
            while isMoreFree {
                isMoreFree = false
                for direction in TLSDirection.allCases {
                    if case .waiting(let waiting) = halves[direction.rawValue].stage,
                        isThere(waiting, direction, isLast: isLast, context, into: &sink)
                    {
                        isMoreFree = true
                        isAnyFree = true
                        if halves[direction.rawValue].isWaiting { halves[direction.rawValue].stage = .clear }
                    }
                }
            }
            if isAnyFree { replay(context, into: &sink) }
        }
    }

    private func isThere(
        _ waiting: TLSHalf.Waiting, _ direction: TLSDirection, isLast: Bool, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) -> Bool {
        switch waiting {
        case .serverHello: return serverHello != nil || (isLast && opensAlone(direction, context))
        case .acceptance: return encryptedExtensions != nil || halves[direction.opposite.rawValue].stage.isIgnored
        case .keys:
            return context.keyLog.count > halves[direction.rawValue].searchedSecrets
                && findsKeys(for: direction, context)
        case .search: return findsBySearch(direction, isLast: isLast, context)
        }
    }

    /// Gives what waited to the directions that do not wait any more.
    func replay(_ context: TLSContext, into sink: inout some TLSSink & ~Copyable) {
        guard let old = held else { return }
        held = nil
        context.heldBytes -= old.cost
        let bytes = old.bytes
        var offset = 0
        for (index, entry) in old.entries.enumerated() {
            let count = entry.kind == .bytes ? entry.count : 0
            defer { offset += count }
            packet = entry.packet
            switch entry.kind {
            case .missing: takeMissing(entry.count, on: entry.direction, before: entry.packet, context, into: &sink)
            case .end: takeEnd(of: entry.direction, in: entry.packet, context, into: &sink)
            case .bytes:
                var taken = 0
                while taken < count {
                    let rest = bytes.span.bytes.from(offset + taken).upTo(count - taken)
                    if halves[entry.direction.rawValue].isWaiting {
                        hold(rest, on: entry.direction, in: entry.packet, context)
                        taken = count
                    } else {
                        taken += consume(rest, on: entry.direction, in: entry.packet, context, into: &sink)
                    }
                    if mustGoOn, taken < count {
                        requeue(old, from: index, offset: offset, taken: taken, context)
                        return
                    }
                }
            }
            if mustGoOn {
                // The other direction goes on before what came later: both in the order in which they came.
                requeue(old, from: index + 1, offset: offset + count, taken: 0, context)
                return
            }
        }
        for direction in TLSDirection.allCases where old.dropped[direction.rawValue] > 0 {
            takeMissing(
                old.dropped[direction.rawValue], on: direction, before: packet, context, into: &sink)
        }
    }

    /// Whether a direction that waits for the handshake need not wait any more, so that it goes on before the other one does.
    var mustGoOn: Bool {
        mayGoOn
            && isAny {
                switch $0 {
                case .waiting(.serverHello): serverHello != nil
                case .waiting(.acceptance): encryptedExtensions != nil
                case .waiting(.search): clientHello != nil || serverHello != nil
                case _: false
                }
            }
    }

    private func requeue(
        _ old: HeldInput, from index: Int, offset: Int, taken: Int, _ context: TLSContext
    ) {
        let (queue, all) = (queue, old.bytes)
        var place = offset
        for (number, entry) in old.entries.enumerated().dropFirst(index) {
            let skipped = number == index ? taken : 0
            switch entry.kind {
            case .missing: queue.add(missing: entry.count, on: entry.direction, in: entry.packet, context)
            case .end: queue.add(endOf: entry.direction, in: entry.packet, context)
            case .bytes:
                if entry.count > skipped {
                    let bytes = all.span.bytes.from(place + skipped).upTo(entry.count - skipped)
                    queue.add(bytes, on: entry.direction, in: entry.packet, context)
                }
                place += entry.count
            }
        }
        for direction in TLSDirection.allCases where old.dropped[direction.rawValue] > 0 {
            queue.add(missing: old.dropped[direction.rawValue], on: direction, in: packet, context)
        }
    }
}

extension TLSHalf.Stage {
    var isIgnored: Bool { if case .ignored = self { true } else { false } }
}
