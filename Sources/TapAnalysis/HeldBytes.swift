import TapCore

/// Bytes that cannot be understood yet, with the packets and the directions in which they came.
struct HeldBytes {
    struct Piece {
        enum Content {
            case bytes(ArraySlice<UInt8>)
            /// That many bytes are missing from the capture here.
            case missing(Int, GapReason)
            /// The same where a head is, or should be.
            case missingInHead(Int, GapReason)
            /// The same in the heads of an attempt that is over.
            case missingEarlier(Int, GapReason)
            /// So many of the missing bytes came late.
            case late(Int)
            /// The direction ends.
            case ended(DirectionEnd)
        }

        let direction: Direction
        let packet: PacketHeader
        /// Whether its sender had seen more of its peer than the capture held at that point.
        let isPeerBehind: Bool
        let content: Content

        var isEarlierHole: Bool { if case .missingEarlier = content { true } else { false } }
    }

    private(set) var pieces: ArraySlice<Piece> = []
    /// How many bytes are held.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Where the first comes of what is held, or missing.
    var firstPacket: PacketHeader? {
        let first = pieces.first { piece in if case .ended = piece.content { false } else { true } }
        return first?.packet
    }

    /// What holding them costs, with what lies around each piece, so that a flood of tiny pieces is bounded too.
    var cost: Int { count + pieces.count * 128 }

    mutating func append(
        _ span: RawSpan, _ direction: Direction, in packet: PacketHeader, isPeerBehind: Bool = false
    ) {
        let bytes = [UInt8](span)
        pieces.append(
            Piece(direction: direction, packet: packet, isPeerBehind: isPeerBehind, content: .bytes(bytes[...])))
        count += bytes.count
    }

    /// Notes a hole; one that follows another is one with it.
    mutating func appendHole(
        _ missing: Int, because reason: GapReason, _ direction: Direction, before packet: PacketHeader
    ) {
        var hole = Piece(direction: direction, packet: packet, isPeerBehind: false, content: .missing(missing, reason))
        if let last = pieces.last, last.direction == direction, case .missing(let before, let reason) = last.content {
            pieces.removeLast()
            hole = Piece(
                direction: direction, packet: last.packet, isPeerBehind: false,
                content: .missing(before + missing, reason))
        }
        pieces.append(hole)
    }

    /// Notes a hole where a head is, or should be.
    mutating func appendHeadHole(
        _ missing: Int, because reason: GapReason, _ direction: Direction, before packet: PacketHeader
    ) {
        pieces.append(
            Piece(
                direction: direction, packet: packet, isPeerBehind: false, content: .missingInHead(missing, reason)))
    }

    /// Whether bytes are missing where heads of a direction are.
    func hasHeadHole(_ direction: Direction) -> Bool { headHoles(direction) > 0 }

    /// Notes a hole between the heads of attempts.
    mutating func appendEarlierHole(
        _ missing: Int, because reason: GapReason, _ direction: Direction, before packet: PacketHeader
    ) {
        var (missing, reason, packet) = (missing, reason, packet)
        let earlier = pieces.firstIndex { $0.direction == direction && $0.isEarlierHole }
        if let earlier, case .missingEarlier(let before, let first) = pieces[earlier].content {
            (missing, reason, packet) = (before + missing, first, pieces[earlier].packet)
            pieces.remove(at: earlier)
        }
        pieces.append(
            Piece(
                direction: direction, packet: packet, isPeerBehind: false, content: .missingEarlier(missing, reason)))
    }

    /// Bytes that were missing came late: so many are not missing. Where frames may be, it is still told how many were
    /// passed over.
    mutating func fill(_ late: Int, _ direction: Direction, in packet: PacketHeader) {
        var late = late
        for index in pieces.indices.reversed() where pieces[index].direction == direction && late > 0 {
            let (missing, content): (Int, Piece.Content)
            switch pieces[index].content {
            case .missingInHead(let count, let reason):
                (missing, content) = (count, .missingInHead(max(0, count - late), reason))
            case .missingEarlier(let count, let reason):
                (missing, content) = (count, .missingEarlier(max(0, count - late), reason))
            case .bytes, .missing, .late, .ended: continue
            }
            late -= min(late, missing)
            pieces[index] = Piece(
                direction: direction, packet: pieces[index].packet, isPeerBehind: false, content: content)
        }
        guard late > 0, hasHole(direction) else { return }
        append(Piece(direction: direction, packet: packet, isPeerBehind: false, content: .late(late)))
    }

    /// Whether anything is missing of a direction.
    func hasHole(_ direction: Direction) -> Bool {
        pieces.contains { piece in
            guard piece.direction == direction else { return false }
            switch piece.content {
            case .missing, .missingInHead: return true
            case .bytes, .missingEarlier, .late, .ended: return false
            }
        }
    }

    /// In how many places bytes are missing where heads of a direction are.
    func headHoles(_ direction: Direction) -> Int {
        pieces.count { piece in
            guard piece.direction == direction, case .missingInHead = piece.content else { return false }
            return true
        }
    }

    /// How many bytes are missing there.
    func missingInHeads(_ direction: Direction) -> UInt64 {
        pieces.reduce(0) { sum, piece in
            guard piece.direction == direction, case .missingInHead(let count, _) = piece.content else { return sum }
            return sum + UInt64(count)
        }
    }

    /// How many bytes are missing of a direction in all.
    func missing(_ direction: Direction) -> Int {
        let missing = pieces.reduce(0) { sum, piece in
            guard piece.direction == direction else { return sum }
            switch piece.content {
            case .missing(let count, _), .missingInHead(let count, _), .missingEarlier(let count, _): return sum + count
            case .late(let count): return sum - count
            case .bytes, .ended: return sum
            }
        }
        return max(0, missing)
    }

    /// The first bytes of a direction, up to those that are missing.
    func prefix(_ direction: Direction, _ length: Int) -> [UInt8] {
        var prefix: [UInt8] = []
        for piece in pieces where piece.direction == direction {
            switch piece.content {
            case .bytes(let bytes): prefix += bytes.prefix(length - prefix.count)
            case .missingInHead where prefix.isEmpty, .missingEarlier, .late: continue
            case .missing, .missingInHead, .ended: return prefix
            }
            if prefix.count == length { break }
        }
        return prefix
    }

    /// Forgets the bytes of a direction, but not what is missing in its heads.
    mutating func removeBytes(_ direction: Direction) {
        settle(direction) { content in if case .missing = content { true } else { false } }
    }

    /// An attempt is over: what is missing in its heads is no part of what follows.
    mutating func settleHeads(_ direction: Direction) {
        settle(direction, keepsBytes: true) { content in if case .missingInHead = content { true } else { false } }
    }

    /// Counts holes as earlier ones.
    private mutating func settle(
        _ direction: Direction, keepsBytes: Bool = false, _ isOver: (Piece.Content) -> Bool
    ) {
        let before = pieces
        pieces.removeAll { piece in
            guard piece.direction == direction else { return false }
            if case .bytes = piece.content { return !keepsBytes }
            return isOver(piece.content)
        }
        for piece in before where piece.direction == direction && isOver(piece.content) {
            switch piece.content {
            case .missing(let count, let reason), .missingInHead(let count, let reason):
                appendEarlierHole(count, because: reason, direction, before: piece.packet)
            case .bytes, .missingEarlier, .late, .ended: break
            }
        }
        recount()
    }

    /// Notes that a direction ends.
    mutating func appendEnd(_ end: DirectionEnd, _ direction: Direction, in packet: PacketHeader) {
        pieces.append(Piece(direction: direction, packet: packet, isPeerBehind: false, content: .ended(end)))
    }

    /// Whether a direction was seen up to the end that its sender, or a reset, put to it.
    func hasEnd(_ direction: Direction) -> Bool {
        pieces.contains { piece in
            guard piece.direction == direction, case .ended(let end) = piece.content else { return false }
            return !end.isBehindHole && (end.reason == .finished || end.reason == .reset)
        }
    }

    /// Appends a piece as it is.
    mutating func append(_ piece: Piece) {
        pieces.append(piece)
        if case .bytes(let bytes) = piece.content { count += bytes.count }
    }

    /// Takes the oldest piece out, or where it holds bytes that many of them.
    mutating func removeFirst(_ taken: Int = .max) {
        guard let first = pieces.first else { return }
        guard case .bytes(let bytes) = first.content, taken < bytes.count else {
            if case .bytes(let bytes) = first.content { count -= bytes.count }
            pieces.removeFirst()
            return
        }
        count -= taken
        pieces[pieces.startIndex] = Piece(
            direction: first.direction, packet: first.packet, isPeerBehind: first.isPeerBehind,
            content: .bytes(bytes.dropFirst(taken)))
    }

    /// The packet of the first bytes of a direction.
    func firstBytes(_ direction: Direction) -> PacketHeader? {
        for piece in pieces where piece.direction == direction {
            if case .bytes = piece.content { return piece.packet }
        }
        return nil
    }

    /// Takes so many of the first bytes of a direction out.
    mutating func removeFirst(_ taken: Int, of direction: Direction) {
        var left = taken
        var rest: ArraySlice<Piece> = []
        for piece in pieces {
            guard left > 0, piece.direction == direction, case .bytes(let bytes) = piece.content else {
                rest.append(piece)
                continue
            }
            let count = min(left, bytes.count)
            left -= count
            guard count < bytes.count else { continue }
            rest.append(
                Piece(
                    direction: direction, packet: piece.packet, isPeerBehind: piece.isPeerBehind,
                    content: .bytes(bytes.dropFirst(count))))
        }
        pieces = rest
        recount()
    }

    /// Forgets what one direction has sent, but not how much is missing of it; answers how many bytes that were.
    @discardableResult
    mutating func remove(_ direction: Direction) -> Int {
        guard !pieces.isEmpty else { return 0 }
        let before = count
        settle(direction) { content in
            switch content {
            case .missing, .missingInHead: true
            case .bytes, .missingEarlier, .late, .ended: false
            }
        }
        return before - count
    }

    private mutating func recount() {
        count = pieces.reduce(0) { total, piece in
            if case .bytes(let bytes) = piece.content { total + bytes.count } else { total }
        }
    }
}
