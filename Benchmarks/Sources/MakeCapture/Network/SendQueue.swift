/// Bytes that one side has yet to send, in full segments.
struct SendQueue {
    private var bytes: [UInt8] = []
    private var position = 0

    var isEmpty: Bool { position == bytes.count }

    /// Appends bytes to send.
    mutating func enqueue(_ more: [UInt8], in wire: inout Wire) {
        wire.queuedBytes += more.count
        bytes.removeFirst(position)
        bytes.append(contentsOf: more)
        position = 0
    }

    /// Sends up to two segments; the other side acknowledges every second one, and the last.
    mutating func transmit(from side: Side, over connection: inout TCPConnection, in wire: inout Wire) {
        for _ in 0..<2 where !isEmpty {
            let end = min(position + TCPSegment.longestPayload, bytes.count)
            connection.send(bytes[position..<end], from: side, in: &wire)
            wire.queuedBytes -= end - position
            position = end
        }
        connection.acknowledge(by: side.opposite, afterSegments: isEmpty ? 1 : 2, in: &wire)
        if isEmpty {
            bytes = []
            position = 0
        }
    }
}
