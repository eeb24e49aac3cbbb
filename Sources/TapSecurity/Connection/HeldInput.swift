import TapCore

/// What waits until keys come: the input of both directions in the order in which it came.
final class HeldInput {
    struct Entry {
        enum Kind { case bytes, missing, end }

        let direction: TLSDirection
        let kind: Kind
        let count: Int
        let packet: PacketHeader
    }

    private(set) var entries: [Entry] = []
    private(set) var bytes: [UInt8] = []
    /// What came after the limit was reached, in bytes of each direction.
    private(set) var dropped = [0, 0]
    private(set) var isFull = false

    /// What an entry costs beside its bytes.
    private static let entryCost = MemoryLayout<Entry>.stride

    var cost: Int { bytes.count + entries.count * Self.entryCost }

    /// Adds bytes that came before others which wait already: behind all that is not of a later packet.
    func insert(_ piece: RawSpan, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext) {
        let count = entries.count
        add(piece, on: direction, in: packet, context)
        guard entries.count > count else { return }
        let later = entries[..<count].reversed().prefix {
            $0.packet.number > packet.number && $0.direction != direction
        }
        guard !later.isEmpty else { return }
        let laterBytes = later.reduce(0) { $0 + ($1.kind == .bytes ? $1.count : 0) }
        entries.insert(entries.removeLast(), at: count - later.count)
        let moved = bytes.suffix(piece.byteCount)
        bytes.removeLast(piece.byteCount)
        bytes.insert(contentsOf: moved, at: bytes.count - laterBytes)
    }

    func add(_ piece: RawSpan, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext) {
        let cost = piece.byteCount + Self.entryCost
        let limits = context.limits
        if isFull || self.cost + cost > limits.heldBytes || context.heldBytes + cost > limits.heldBytesInAll {
            isFull = true
            dropped[direction.rawValue] += piece.byteCount
            context.droppedBytes += piece.byteCount
            return
        }
        context.heldBytes += cost
        bytes.append(piece)
        entries.append(Entry(direction: direction, kind: .bytes, count: piece.byteCount, packet: packet))
    }

    func add(missing count: Int, on direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext) {
        let limits = context.limits
        if isFull || cost + Self.entryCost > limits.heldBytes
            || context.heldBytes + Self.entryCost > limits.heldBytesInAll
        {
            isFull = true
            dropped[direction.rawValue] += count
            return
        }
        context.heldBytes += Self.entryCost
        entries.append(Entry(direction: direction, kind: .missing, count: count, packet: packet))
    }

    func add(endOf direction: TLSDirection, in packet: PacketHeader, _ context: TLSContext) {
        context.heldBytes += Self.entryCost
        entries.append(Entry(direction: direction, kind: .end, count: 0, packet: packet))
    }

    /// How many bytes of a direction wait, are missing or were dropped.
    func count(of direction: TLSDirection) -> Int {
        entries.reduce(dropped[direction.rawValue]) { $0 + ($1.direction == direction ? $1.count : 0) }
    }

    /// The bytes of a direction up to the first that are missing.
    func beginning(of direction: TLSDirection) -> [UInt8] {
        var beginning: [UInt8] = []
        var offset = 0
        for entry in entries {
            if entry.kind == .missing, entry.direction == direction { break }
            if entry.kind == .bytes, entry.direction == direction {
                beginning += bytes[offset..<offset + entry.count]
            }
            if entry.kind == .bytes { offset += entry.count }
        }
        return beginning
    }
}
