import TapCore

/// The first bytes of the segments that were passed on last, in all flows together: what a retransmission is compared
/// with.
///
/// A ring with a place for each segment, so that nothing need be given back when a flow ends, and a connection that is
/// idle costs nothing. The segments of one direction are linked from the latest backwards. Each is written for every
/// segment and hardly ever read: its numbers and bytes lie together, in two lines of the processor's cache.
@usableFromInline
package struct RecentBytes: ~Copyable {
    /// The places, once there is a segment to keep. What was not written yet is not read: no segment is linked to it.
    @usableFromInline var ring: UnsafeMutableRawPointer?
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

    deinit { ring?.deallocate() }

    /// Keeps the first bytes of what was passed on; answers the serial of the segment.
    /// - Parameter previous: the serial of the segment before it in the same direction; zero is none.
    @inlinable
    mutating func keep(
        _ payload: RawSpan, at start: SequenceNumber, on stream: StreamID, after previous: UInt32,
        in packet: PacketNumber
    ) -> UInt32 {
        guard places > 0 else { return 0 }
        let ring = ring ?? makeRing()
        serial = serial == .max ? 1 : serial &+ 1
        let entry = ring + (Int(serial) & (places &- 1)) &* RecentBytes.placeLength
        entry.storeBytes(of: UInt64(previous) << 32 | UInt64(serial), as: UInt64.self)
        let (owner, start) = (UInt64(RecentBytes.owner(stream)), UInt64(start.rawValue))
        entry.storeBytes(of: start << 32 | owner, toByteOffset: 8, as: UInt64.self)
        entry.storeBytes(of: packet.rawValue, toByteOffset: 16, as: UInt64.self)
        payload.withUnsafeBytes { payload in
            guard let bytes = payload.baseAddress else {
                return entry.storeBytes(of: 0, toByteOffset: 24, as: Int.self)
            }
            // A copy of a constant length is no call.
            if payload.count >= RecentBytes.bytesPerSegment {
                entry.storeBytes(of: RecentBytes.bytesPerSegment, toByteOffset: 24, as: Int.self)
                (entry + 32).copyMemory(from: bytes, byteCount: RecentBytes.bytesPerSegment)
            } else {
                entry.storeBytes(of: payload.count, toByteOffset: 24, as: Int.self)
                (entry + 32).copyMemory(from: bytes, byteCount: payload.count)
            }
        }
        return serial
    }

    @usableFromInline
    @inline(never)
    mutating func makeRing() -> UnsafeMutableRawPointer {
        let ring = UnsafeMutableRawPointer.allocate(byteCount: places * RecentBytes.placeLength, alignment: 64)
        self.ring = ring
        return ring
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
        guard let ring else { return nil }
        var next = latest
        for _ in 0..<comparedSegments where next != 0 {
            let place = ring + (Int(next) & (places - 1)) * RecentBytes.placeLength
            let entry = UnsafeRawBufferPointer(start: place, count: RecentBytes.placeLength).bytes
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
