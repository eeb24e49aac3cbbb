import TapBytes
import TapStreams

/// Bytes that cannot be understood yet, with the packets and the directions in which they came.
struct HeldBytes {
    struct Piece {
        enum Content {
            case bytes(ArraySlice<UInt8>)
            /// That many bytes are missing from the capture here.
            case missing(Int, GapReason)
        }

        let direction: Direction
        let packet: PacketHeader
        /// Whether its sender had seen more of its peer than the capture held at that point.
        let isPeerBehind: Bool
        let content: Content
    }

    private(set) var pieces: ArraySlice<Piece> = []
    /// How many bytes are held.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

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

    /// Forgets what one direction has sent; answers how many bytes that were.
    mutating func remove(_ direction: Direction) -> Int {
        let before = count
        pieces.removeAll { $0.direction == direction }
        count = pieces.reduce(0) { total, piece in
            if case .bytes(let bytes) = piece.content { total + bytes.count } else { total }
        }
        return before - count
    }
}
