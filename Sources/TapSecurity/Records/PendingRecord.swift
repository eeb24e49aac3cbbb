import TapCore

/// Bytes of records that are not whole yet, or among which the next record is looked for.
final class PendingRecord {
    /// Where bytes of a packet end in ``bytes``, for those among which the next record is looked for.
    struct Mark {
        var end: Int
        let packet: PacketHeader
    }

    /// They count from ``start`` on.
    @exclusivity(unchecked) var bytes: [UInt8] = []
    @exclusivity(unchecked) var start = 0
    /// The packet of the first of those bytes.
    @exclusivity(unchecked) var first: PacketHeader?
    @exclusivity(unchecked) var marks: [Mark] = []

    var count: Int { bytes.count - start }

    /// The packet of a byte.
    func packet(at offset: Int, or packet: PacketHeader) -> PacketHeader {
        marks.first { $0.end > offset }?.packet ?? packet
    }

    /// Forgets what was stepped over.
    func compact() {
        guard start > 0 else { return }
        bytes.removeFirst(start)
        marks = marks.filter { $0.end > start }.map { Mark(end: $0.end - start, packet: $0.packet) }
        start = 0
    }

    /// Forgets all, and keeps the memory.
    func clear() {
        bytes.removeAll(keepingCapacity: true)
        if !marks.isEmpty { marks = [] }
        (start, first) = (0, nil)
    }
}
