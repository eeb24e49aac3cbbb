import TapCore

/// Looks for frames of HTTP/2 in a connection of which the beginning was not captured. Keeps no more than may be frames.
package struct HTTP2PickUp {
    /// By direction.
    var searches = InlineArray<2, HTTP2Search>(repeating: HTTP2Search())

    /// What is kept of a direction at most, in bytes: so many are some frames, or the beginning of a long one.
    private static let mostBytes = 32 << 10

    package init() {}

    /// Answers whether the connection is HTTP/2.
    package mutating func receive(_ bytes: RawSpan, _ direction: Direction, in packet: PacketHeader) -> Bool {
        let index = Int(direction.rawValue)
        if searches[index].bytes.count + bytes.byteCount > Self.mostBytes { searches[index].miss(0) }
        searches[index].append(bytes, in: packet)
        if searches[index].find(longest: HTTP2FrameHeader.usualPayload, isOver: false) { return true }
        if searches[index].start == searches[index].bytes.count { searches[index].miss(0) }
        return false
    }

    /// Bytes are missing: what comes next does not continue what is kept.
    package mutating func miss(_ count: Int, _ direction: Direction) {
        searches[Int(direction.rawValue)].miss(count)
    }

    /// What it keeps in memory, in bytes.
    package var cost: Int { searches[0].bytes.count + searches[1].bytes.count }
}
