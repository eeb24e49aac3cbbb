import TapBytes
import TapStreams

/// Bytes that cannot be understood yet, with the packets and the directions in which they came.
struct HeldBytes {
    struct Piece {
        let direction: Direction
        let packet: PacketHeader
        let bytes: [UInt8]
    }

    private(set) var pieces: [Piece] = []
    private(set) var count = 0

    var isEmpty: Bool { pieces.isEmpty }

    mutating func append(_ span: RawSpan, _ direction: Direction, in packet: PacketHeader) {
        let bytes = span.withUnsafeBytes { Array($0) }
        pieces.append(Piece(direction: direction, packet: packet, bytes: bytes))
        count += bytes.count
    }

    mutating func remove(_ direction: Direction) {
        pieces.removeAll { $0.direction == direction }
        count = pieces.reduce(0) { $0 + $1.bytes.count }
    }
}
