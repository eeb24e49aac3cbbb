import TapCore

/// Bytes of a direction in which the next frame is sought, and the packets that they came in.
struct HTTP2Search {
    private(set) var bytes: [UInt8] = []
    private var pieces: [Piece] = []
    private var firstPiece = 0
    /// The first byte that may begin a frame.
    private(set) var start = 0
    /// How many bytes before it were not read, or are missing.
    private(set) var skipped: UInt64 = 0

    private struct Piece {
        let end: Int
        let packet: PacketHeader
    }

    init() {}

    init(skipped: Int) { self.skipped = UInt64(clamping: skipped) }

    mutating func append(_ piece: RawSpan, in packet: PacketHeader) {
        guard piece.byteCount > 0 else { return }
        compact()
        bytes.append(piece)
        if let last = pieces.last, last.packet == packet { pieces.removeLast() }
        pieces.append(Piece(end: bytes.count, packet: packet))
    }

    /// What is held cannot go on across a hole.
    mutating func miss(_ count: Int) {
        skipped += UInt64(clamping: bytes.count - start) + UInt64(clamping: count)
        drop()
    }

    mutating func drop() {
        bytes = []
        pieces = []
        firstPiece = 0
        start = 0
    }

    /// Whether a frame begins at ``start``, after moving that to the first place where one may.
    mutating func find(longest: Int, isOver: Bool) -> Bool {
        let answer = HTTP2FrameChain.search(bytes.span.bytes, from: start, longest: longest, isOver: isOver)
        switch answer {
        case .begins(let offset), .undecided(let offset):
            skipped += UInt64(clamping: offset - start)
            start = offset
        }
        if case .begins = answer { return true }
        return false
    }

    /// The piece at an offset: where it ends, and its packet.
    mutating func piece(at offset: Int) -> (end: Int, packet: PacketHeader)? {
        while firstPiece < pieces.count, pieces[firstPiece].end <= offset { firstPiece += 1 }
        guard firstPiece < pieces.count else { return nil }
        return (pieces[firstPiece].end, pieces[firstPiece].packet)
    }

    /// Seeks on from an offset of what is held.
    mutating func resume(at offset: Int, skipped: UInt64) {
        start = offset
        self.skipped = skipped
    }

    /// Frees what lies before the start, once that is the larger part.
    private mutating func compact() {
        guard start > 4_096, start > bytes.count / 2 else { return }
        bytes.removeFirst(start)
        _ = piece(at: start)
        pieces = pieces[firstPiece...].map { Piece(end: $0.end - start, packet: $0.packet) }
        firstPiece = 0
        start = 0
    }
}
