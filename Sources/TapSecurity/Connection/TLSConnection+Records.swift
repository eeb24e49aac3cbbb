import TapCore

/// Records of one direction.
extension TLSConnection {
    /// What became of a record.
    enum Taken { case taken, mustWait }

    /// Takes bytes up to where the direction must wait, or something happened that the other one may wait for; returns how many.
    func consume(
        _ bytes: RawSpan, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) -> Int {
        let number = direction.rawValue
        var offset = 0
        while true {
            switch halves[number].stage {
            case .ignored, .closed:
                halves[number].framing.clear(context)
                return bytes.byteCount
            case .waiting: return offset
            case .clear, .protected: break
            }
            if mustGoOn {
                holdBuffered(on: direction, in: packet, context)
                return offset
            }
            if halves[number].framing.mode == .seeking {
                if !seek(bytes, from: &offset, on: direction, in: packet, context, into: &sink) { return offset }
                continue
            }
            switch halves[number].framing.next(bytes, from: &offset, in: packet, context) {
            case .needsMore: return offset
            case .notARecord: lostPlace(direction, context)
            case .whole(let start, let count):
                let record = bytes.from(start).upTo(count)
                if take(record, on: direction, from: packet, to: packet, context, into: &sink) == .mustWait {
                    return start
                }
            case .buffered(let count): takeBuffered(count, on: direction, in: packet, context, into: &sink)
            }
        }
    }

    /// Takes the record at the beginning of the buffer.
    func takeBuffered(
        _ count: Int, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        let number = direction.rawValue
        guard let pending = halves[number].framing.pending else { return }
        let (first, last) = (pending.first ?? packet, pending.packet(at: pending.start + count - 1, or: packet))
        let bytes = pending.bytes
        let record = bytes.span.bytes.from(pending.start).upTo(count)
        if take(record, on: direction, from: first, to: last, context, into: &sink) == .mustWait {
            holdBuffered(on: direction, in: packet, context)
        } else {
            halves[number].framing.drop(count, in: packet, context)
        }
    }

    private func take(
        _ record: RawSpan, on direction: TLSDirection, from first: PacketHeader, to packet: PacketHeader,
        _ context: TLSContext, into sink: inout some TLSSink & ~Copyable
    ) -> Taken {
        let number = direction.rawValue
        if halves[number].stage == .clear {
            guard isEncrypted(record, direction) else {
                takeClear(record, on: direction, in: packet, context, into: &sink)
                return .taken
            }
            guard beginProtection(for: record, direction, context) else {
                if halves[number].isWaiting { return .mustWait }
                halves[number].recordsUnread += 1
                return .taken
            }
        }
        if record.uint8(at: 0) != ContentType.applicationData,
            serverHello?.version == .tls13 || halves[number].protection?.key.version == .tls13
        {
            // RFC 8446 §5: a ChangeCipherSpec means nothing, and an alert may come before its sender has keys.
            takeClear(record, on: direction, in: packet, context, into: &sink)
            return .taken
        }
        let opened = open(record, direction, context, before: packet, into: &sink)
        guard let opened else {
            fail(record, direction, context)
            return .taken
        }
        deliver(opened, on: direction, from: first, to: packet, context, into: &sink)
        return .taken
    }

    /// Whether a record in the clear stage is not in the clear.
    private func isEncrypted(_ record: RawSpan, _ direction: TLSDirection) -> Bool {
        record.uint8(at: 0) == ContentType.applicationData || halves[direction.rawValue].hasChangedCipher
    }

    /// Passes on what an opened record carries.
    func deliver(
        _ opened: CipherPool.Opened, on direction: TLSDirection, from first: PacketHeader, to packet: PacketHeader,
        _ context: TLSContext, into sink: inout some TLSSink & ~Copyable
    ) {
        let number = direction.rawValue
        if halves[number].protection?.isProven == false {
            halves[number].protection?.isProven = true
            sink.found(.opened, on: direction, in: packet)
        }
        let place = TLSRecordPlace(
            number: halves[number].recordsRead, firstPacket: first, packet: packet,
            isPeerBehind: halves[direction.opposite.rawValue].loss != nil)
        halves[number].recordsRead += 1
        let ciphers = context.ciphers
        switch opened.type {
        case ContentType.applicationData:
            guard opened.count > 0 else { return }
            forgetHandshake()
            if !hasDataBegun {
                hasDataBegun = true
                sink.found(.dataBegins, on: direction, in: packet)
            }
            sink.received(ciphers.plain(opened), on: direction, from: place)
        case ContentType.handshake:
            halves[number].handshake.receive(ciphers.plain(opened))
            takeMessages(on: direction, in: packet, context, into: &sink)
        case ContentType.alert:
            guard let alert = TLSAlert(ciphers.plain(opened)) else { return }
            take(alert, on: direction, in: packet, into: &sink)
        case ContentType.changeCipherSpec where halves[number].protection?.key.version != .tls13:
            changeCipher(direction)
        case _: break
        }
    }

    private func takeClear(
        _ record: RawSpan, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        let number = direction.rawValue
        let body = record.from(RecordHeader.length)
        switch record.uint8(at: 0) {
        case ContentType.handshake where halves[number].stage == .clear:
            if !context.rsaKeys.isEmpty || context.keyLog.hasPremasters,
                halves[number].transcript.count + body.byteCount <= HandshakeReader.longestMessage
            {
                halves[number].transcript.append(body)
            }
            halves[number].handshake.receive(body)
            takeMessages(on: direction, in: packet, context, into: &sink)
        case ContentType.changeCipherSpec:
            if let version = serverHello?.version, version != .tls13 { changeCipher(direction) }
        case ContentType.alert:
            if let alert = TLSAlert(body) { take(alert, on: direction, in: packet, into: &sink) }
        case _: break
        }
    }

    private func take(
        _ alert: TLSAlert, on direction: TLSDirection, in packet: PacketHeader,
        into sink: inout some TLSSink & ~Copyable
    ) {
        sink.found(.alert(alert), on: direction, in: packet)
        if alert.isCloseNotify, halves[direction.rawValue].protection?.isProven == true {
            halves[direction.rawValue].stage = .closed
            sink.found(.closed, on: direction, in: packet)
        }
    }

    /// What follows is protected with the keys of the last handshake: TLS 1.2 and before.
    private func changeCipher(_ direction: TLSDirection) {
        let number = direction.rawValue
        halves[number].hasChangedCipher = true
        halves[number].protection = nil
        halves[number].stage = .clear
    }

    /// The direction's last byte is taken.
    func close(
        _ direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext,
        into sink: inout some TLSSink & ~Copyable
    ) {
        let number = direction.rawValue
        halves[number].isEnded = true
        let lost = halves[number].framing.bufferedCount
        halves[number].framing.clear(context)
        if halves[number].stage == .protected || halves[number].stage == .clear, lost > 0 || halves[number].loss != nil
        {
            halves[number].missingBytes += lost
            halves[number].isCutOff = halves[number].loss != nil
            reportLoss(upTo: nil, extra: lost, on: direction, before: packet, into: &sink)
        }
        sink.ended(direction, in: packet)
    }
}
