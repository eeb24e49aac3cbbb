import TapCore

/// Finds where the records of one direction end, wherever its bytes are cut. A record that came whole is not copied.
struct RecordFraming {
    enum Mode: Equatable {
        /// What comes next begins a record.
        case aligned
        /// So many bytes belong to a record of which others are missing.
        case passing(Int)
        /// Where the next record begins is not known.
        case seeking
    }

    enum Step {
        /// A whole record among the bytes that were given.
        case whole(start: Int, count: Int)
        /// A whole record in ``buffer``, at its ``start``.
        case buffered(count: Int)
        /// All bytes are taken, and no further record is whole.
        case needsMore
        /// What comes next is no record.
        case notARecord
    }

    var mode = Mode.aligned
    /// Bytes that are not taken yet, if there are any.
    private(set) var pending: PendingRecord?

    var bufferedCount: Int { pending?.count ?? 0 }

    mutating func next(_ bytes: RawSpan, from offset: inout Int, in packet: PacketHeader, _ context: TLSContext) -> Step
    {
        if case .passing(let count) = mode {
            let passed = min(count, bytes.byteCount - offset)
            offset += passed
            mode = passed == count ? .aligned : .passing(count - passed)
        }
        guard mode == .aligned else { return .needsMore }
        guard let pending else {
            let left = bytes.byteCount - offset
            guard left > 0 else { return .needsMore }
            if left >= RecordHeader.length {
                guard let header = RecordHeader(bytes, at: offset) else { return .notARecord }
                if left >= header.recordLength {
                    defer { offset += header.recordLength }
                    return .whole(start: offset, count: header.recordLength)
                }
            }
            let new = context.takePending()
            new.first = packet
            pending = new
            return RecordFraming.complete(new, bytes, from: &offset)
        }
        return RecordFraming.complete(pending, bytes, from: &offset)
    }

    /// Adds what a record lacks.
    private static func complete(_ pending: PendingRecord, _ bytes: RawSpan, from offset: inout Int) -> Step {
        while true {
            var needed = RecordHeader.length
            if pending.count >= needed {
                guard let header = RecordHeader(pending.bytes.span.bytes, at: pending.start) else { return .notARecord }
                needed = header.recordLength
                if pending.count >= needed { return .buffered(count: needed) }
            }
            let count = min(needed - pending.count, bytes.byteCount - offset)
            guard count > 0 else { return .needsMore }
            pending.bytes.append(bytes.from(offset).upTo(count))
            offset += count
        }
    }

    /// Keeps bytes among which the next record is looked for.
    mutating func keep(_ bytes: RawSpan, of packet: PacketHeader, _ context: TLSContext) {
        let pending = pending ?? context.takePending()
        if pending.bytes.isEmpty { pending.first = packet }
        pending.bytes.append(bytes)
        pending.marks.append(PendingRecord.Mark(end: pending.bytes.count, packet: packet))
        self.pending = pending
    }

    /// Steps over bytes that are pending.
    mutating func drop(_ count: Int, in packet: PacketHeader, _ context: TLSContext) {
        guard let pending else { return }
        pending.start += count
        pending.first = pending.packet(at: pending.start, or: packet)
        if pending.count <= 0 { clear(context) }
    }

    /// Forgets what was stepped over.
    mutating func compact(_ context: TLSContext) {
        guard let pending else { return }
        if pending.count <= 0 { clear(context) } else { pending.compact() }
    }

    mutating func clear(_ context: TLSContext) {
        guard let pending else { return }
        self.pending = nil
        context.giveBack(pending)
    }

    /// Bytes are missing. Returns how many of the bytes before them are lost with them.
    mutating func miss(_ count: Int, _ context: TLSContext) -> Int {
        let lost = bufferedCount
        switch mode {
        case .passing(let left): mode = count < left ? .passing(left - count) : count == left ? .aligned : .seeking
        case .seeking: break
        case .aligned:
            mode = .seeking
            if let pending, let header = RecordHeader(pending.bytes.span.bytes, at: pending.start) {
                let left = header.recordLength - lost
                if count <= left { mode = count == left ? .aligned : .passing(left - count) }
            }
        }
        clear(context)
        return lost
    }
}
