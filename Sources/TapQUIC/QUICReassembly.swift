import TapCore

/// Puts the bytes of one direction of a stream, or of a handshake, into order. What is there twice is taken as it came first.
struct QUICReassembly {
    /// Where the next byte belongs.
    private(set) var next: UInt64 = 0
    /// What came before its turn, in order and without overlaps.
    private var held: [Piece] = []
    /// What is held in memory.
    private(set) var cost = 0

    struct Piece {
        let offset: UInt64
        let bytes: [UInt8]
        let packet: PacketHeader
        /// The number of the packet of QUIC that brought it.
        let number: UInt64

        var end: UInt64 { offset + UInt64(bytes.count) }
        /// A piece costs as much beside its bytes.
        static let overhead = 96
        var cost: Int { bytes.count + Piece.overhead }
    }

    /// The first piece behind what is missing.
    var firstHeld: Piece? { held.first }

    /// Whether so many pieces are held that no further ones are kept.
    var isFull: Bool { held.count >= QUICReassembly.mostPieces }

    private static let mostPieces = 1_024

    /// Whether nothing of it came.
    var isUntouched: Bool { next == 0 && held.isEmpty }

    /// How many bytes are missing before it.
    var gap: UInt64 { held.first.map { $0.offset - next } ?? 0 }

    /// The part of some bytes that goes on with what there is; `nil` if there is none.
    mutating func take(_ bytes: RawSpan, at offset: UInt64) -> Range<Int>? {
        guard offset <= next, offset + UInt64(bytes.byteCount) > next else { return nil }
        let start = Int(next - offset)
        let end = min(UInt64(bytes.byteCount), held.first.map { $0.offset - offset } ?? .max)
        next = offset + end
        return start..<Int(end)
    }

    /// Takes the next piece that goes on with what there is.
    mutating func takeHeld() -> Piece? {
        guard let first = held.first, first.offset == next else { return nil }
        held.removeFirst()
        cost -= first.cost
        next = first.end
        return first
    }

    /// How many bytes of memory it takes to keep these, which come before their turn; 0 where all of them are there already.
    func costOfHolding(_ count: Int, at offset: UInt64) -> Int {
        let end = offset + UInt64(count)
        if end <= next { return 0 }
        let place = place(of: offset)
        if place > 0, held[place - 1].end >= end { return 0 }
        return count + Piece.overhead
    }

    /// Keeps what comes before its turn.
    mutating func hold(_ bytes: RawSpan, at offset: UInt64, in packet: PacketHeader, number: UInt64) {
        var start = max(offset, next)
        let end = offset + UInt64(bytes.byteCount)
        var place = place(of: start)
        if place > 0 { start = max(start, held[place - 1].end) }
        while start < end {
            let stop = place < held.count ? min(end, held[place].offset) : end
            if start < stop {
                let part = bytes.extracting(Int(start - offset)..<Int(stop - offset))
                let piece = Piece(offset: start, bytes: [UInt8](part), packet: packet, number: number)
                held.insert(piece, at: place)
                cost += piece.cost
                place += 1
            }
            guard place < held.count else { return }
            start = max(start, held[place].end)
            place += 1
        }
    }

    /// Goes on behind what is missing; returns how many bytes that were.
    mutating func skipGap() -> UInt64 {
        let count = gap
        next += count
        return count
    }

    /// Forgets what came before its turn; answers how much memory that took.
    mutating func dropHeld() -> Int {
        defer { (held, cost) = ([], 0) }
        return cost
    }

    /// Goes on at an end that is further than what there is.
    mutating func skip(to end: UInt64) -> UInt64 {
        guard end > next else { return 0 }
        defer { next = end }
        return end - next
    }

    /// The first piece that begins behind an offset.
    private func place(of offset: UInt64) -> Int {
        var (low, high) = (0, held.count)
        while low < high {
            let middle = (low + high) / 2
            if held[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
