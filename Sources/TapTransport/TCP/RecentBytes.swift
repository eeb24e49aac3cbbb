import TapCore

/// The first bytes of the segments that were passed on last, in all flows together: what a retransmission is compared
/// with.
///
/// A ring with a place for each segment, so that nothing need be given back when a flow ends, and a connection that is
/// idle costs nothing. The segments of one direction are linked from the latest backwards. Each is written for every
/// segment and hardly ever read: its numbers and bytes lie together, in two lines of the processor's cache.
@usableFromInline
package struct RecentBytes {
    @usableFromInline var ring: [UInt8] = []
    @usableFromInline var serial: UInt32 = 0
    /// How many places there are: a power of two, or zero.
    @usableFromInline let places: Int
    private let comparedSegments: Int

    @inlinable static var placeLength: Int { 128 }
    @inlinable static var bytesPerSegment: Int { 96 }

    init(limits: StreamLimits) {
        let fitting = max(0, limits.recentBytes) / RecentBytes.placeLength
        places = fitting == 0 ? 0 : 1 << (Int.bitWidth - 1 - fitting.leadingZeroBitCount)
        comparedSegments = limits.recentSegmentsCompared
    }

    /// Keeps the first bytes of what was passed on; answers the serial of the segment.
    /// - Parameter previous: the serial of the segment before it in the same direction; zero is none.
    @inlinable
    mutating func keep(
        _ payload: RawSpan, at start: SequenceNumber, on stream: StreamID, after previous: UInt32,
        in packet: PacketNumber
    ) -> UInt32 {
        guard places > 0 else { return 0 }
        if ring.isEmpty { ring = Array(repeating: 0, count: places * RecentBytes.placeLength) }
        serial = serial == .max ? 1 : serial + 1
        let serial = serial
        let place = Int(serial) & (places - 1)
        ring.withUnsafeMutableBytes { ring in
            let entry = UnsafeMutableRawBufferPointer(rebasing: ring[(place * RecentBytes.placeLength)...])
            let count = min(payload.byteCount, RecentBytes.bytesPerSegment)
            entry.storeBytes(of: serial, as: UInt32.self)
            entry.storeBytes(of: previous, toByteOffset: 4, as: UInt32.self)
            entry.storeBytes(of: RecentBytes.owner(stream), toByteOffset: 8, as: UInt32.self)
            entry.storeBytes(of: start.rawValue, toByteOffset: 12, as: UInt32.self)
            entry.storeBytes(of: packet.rawValue, toByteOffset: 16, as: UInt64.self)
            entry.storeBytes(of: UInt64(truncatingIfNeeded: count), toByteOffset: 24, as: UInt64.self)
            payload.withUnsafeBytes { payload in
                UnsafeMutableRawBufferPointer(rebasing: entry[32...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: payload[..<count]))
            }
        }
        return serial
    }

    @inlinable
    static func owner(_ stream: StreamID) -> UInt32 {
        UInt32(truncatingIfNeeded: stream.flow.index) << 1 | UInt32(stream.direction.rawValue)
    }

    /// Where bytes that come again differ from those that were passed on.
    /// - Parameter latest: the serial of the last segment that was passed on in the same direction.
    func conflict(
        _ payload: RawSpan, at start: SequenceNumber, on stream: StreamID, latest: UInt32
    ) -> ConflictingOverlap? {
        var next = latest
        for _ in 0..<comparedSegments where next != 0 {
            let place = Int(next) & (places - 1)
            let entry = ring.span.bytes.from(place * RecentBytes.placeLength).upTo(RecentBytes.placeLength)
            // The serial is native to this machine, and so are the others.
            let (links, numbers) = (entry.word(at: 0), entry.word(at: 8))
            guard UInt32(truncatingIfNeeded: links) == next,
                UInt32(truncatingIfNeeded: numbers) == RecentBytes.owner(stream)
            else { return nil }
            let sequenceNumber = SequenceNumber(UInt32(truncatingIfNeeded: numbers >> 32))
            let kept = entry.from(32).upTo(Int(clamping: entry.word(at: 24)))
            let ahead = start.distance(to: sequenceNumber)
            // Before it there are only bytes that were passed on earlier still.
            if ahead + kept.byteCount <= 0 { return nil }
            if let conflict = ConflictingOverlap(
                kept, at: ahead, in: PacketNumber(entry.word(at: 16)), differsFrom: payload, at: start)
            {
                return conflict
            }
            next = UInt32(truncatingIfNeeded: links >> 32)
        }
        return nil
    }
}
