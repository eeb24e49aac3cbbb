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
    /// Bytes of records that are not whole yet, or among which the next record is looked for; they count from ``start`` on.
    var buffer: [UInt8] = []
    var start = 0
    /// The packet of the first of those bytes.
    var first: PacketHeader?
    /// Where bytes of a packet end in ``buffer``, for those among which the next record is looked for.
    private(set) var marks: [Mark] = []

    struct Mark {
        var end: Int
        let packet: PacketHeader
    }

    var bufferedCount: Int { buffer.count - start }

    mutating func next(_ bytes: RawSpan, from offset: inout Int, in packet: PacketHeader, _ context: TLSContext) -> Step
    {
        if case .passing(let count) = mode {
            let passed = min(count, bytes.byteCount - offset)
            offset += passed
            mode = passed == count ? .aligned : .passing(count - passed)
        }
        guard mode == .aligned else { return .needsMore }
        if buffer.isEmpty {
            let left = bytes.byteCount - offset
            guard left > 0 else { return .needsMore }
            if left >= RecordHeader.length {
                guard let header = RecordHeader(bytes, at: offset) else { return .notARecord }
                if left >= header.recordLength {
                    defer { offset += header.recordLength }
                    return .whole(start: offset, count: header.recordLength)
                }
            }
            buffer = context.takeBuffer()
            first = packet
        }
        while true {
            var needed = RecordHeader.length
            if bufferedCount >= needed {
                guard let header = RecordHeader(buffer.span.bytes, at: start) else { return .notARecord }
                needed = header.recordLength
                if bufferedCount >= needed { return .buffered(count: needed) }
            }
            let count = min(needed - bufferedCount, bytes.byteCount - offset)
            guard count > 0 else { return .needsMore }
            buffer.append(bytes.from(offset).upTo(count))
            offset += count
        }
    }

    /// Keeps bytes among which the next record is looked for.
    mutating func keep(_ bytes: RawSpan, of packet: PacketHeader) {
        if buffer.isEmpty { first = packet }
        buffer.append(bytes)
        marks.append(Mark(end: buffer.count, packet: packet))
    }

    /// The packet of a byte of the buffer.
    func packet(at offset: Int, or packet: PacketHeader) -> PacketHeader {
        marks.first { $0.end > offset }?.packet ?? packet
    }

    /// Steps over bytes of the buffer.
    mutating func drop(_ count: Int, in packet: PacketHeader, _ context: TLSContext) {
        start += count
        first = self.packet(at: start, or: packet)
        if start >= buffer.count { clear(context) }
    }

    /// Forgets what was stepped over.
    mutating func compact(_ context: TLSContext) {
        if start >= buffer.count {
            clear(context)
        } else if start > 0 {
            buffer.removeFirst(start)
            marks = marks.filter { $0.end > start }.map { Mark(end: $0.end - start, packet: $0.packet) }
            start = 0
        }
    }

    mutating func clear(_ context: TLSContext) {
        context.giveBack(&buffer)
        if !marks.isEmpty { marks = [] }
        start = 0
        first = nil
    }

    /// Bytes are missing. Returns how many of the bytes before them are lost with them.
    mutating func miss(_ count: Int, _ context: TLSContext) -> Int {
        let lost = bufferedCount
        switch mode {
        case .passing(let left): mode = count < left ? .passing(left - count) : count == left ? .aligned : .seeking
        case .seeking: break
        case .aligned:
            mode = .seeking
            if let header = RecordHeader(buffer.span.bytes, at: start) {
                let left = header.recordLength - lost
                if count <= left { mode = count == left ? .aligned : .passing(left - count) }
            }
        }
        clear(context)
        return lost
    }
}
