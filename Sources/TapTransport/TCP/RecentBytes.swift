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
        in packet: PacketHeader
    ) -> UInt32 {
        guard places > 0 else { return 0 }
        let ring = ring ?? makeRing()
        serial = serial == .max ? 1 : serial &+ 1
        let entry = ring + (Int(serial) & (places &- 1)) &* RecentBytes.placeLength
        entry.storeBytes(of: UInt64(previous) << 32 | UInt64(serial), as: UInt64.self)
        let (owner, start) = (UInt64(RecentBytes.owner(stream)), UInt64(start.rawValue))
        entry.storeBytes(of: start << 32 | owner, toByteOffset: 8, as: UInt64.self)
        let count = min(payload.byteCount, RecentBytes.bytesPerSegment)
        // There are fewer packets than fit into seven bytes.
        entry.storeBytes(
            of: packet.number.rawValue << 8 | UInt64(truncatingIfNeeded: count), toByteOffset: 16, as: UInt64.self)
        entry.storeBytes(of: packet.timestamp.nanoseconds, toByteOffset: 24, as: Int64.self)
        payload.withUnsafeBytes { payload in
            guard let bytes = payload.baseAddress else { return }
            // A copy of a constant length is no call.
            if count == RecentBytes.bytesPerSegment {
                (entry + 32).copyMemory(from: bytes, byteCount: RecentBytes.bytesPerSegment)
            } else {
                (entry + 32).copyMemory(from: bytes, byteCount: count)
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
        var next = latest
        for _ in 0..<comparedSegments {
            guard let kept = kept(next, on: stream), let entry = entry(next) else { return nil }
            let ahead = start.distance(to: kept.start)
            // Before it there are only bytes that were passed on earlier still.
            if ahead + kept.count <= 0 { return nil }
            if let conflict = ConflictingOverlap(
                entry.bytes.from(32).upTo(kept.count), at: ahead, in: kept.packet, differsFrom: payload, at: start)
            {
                return conflict
            }
            next = kept.previous
        }
        return nil
    }

    /// When the segment was captured that brought the byte at a place; `nil` where that is too long ago to be known.
    /// - Parameter latest: as above.
    func time(of place: SequenceNumber, on stream: StreamID, latest: UInt32) -> Timestamp? {
        var next = latest
        for _ in 0..<comparedSegments {
            guard let kept = kept(next, on: stream) else { return nil }
            if place.distance(to: kept.start) <= 0 { return kept.time }
            next = kept.previous
        }
        return nil
    }

    /// A segment that is kept.
    private struct Kept {
        let previous: UInt32
        let start: SequenceNumber
        let packet: PacketNumber
        let count: Int
        let time: Timestamp
    }

    /// The segment with a serial, if it is still there.
    private func kept(_ serial: UInt32, on stream: StreamID) -> Kept? {
        guard serial != 0, let entry = entry(serial) else { return nil }
        // The serial is native to this machine, and so are the others.
        let bytes = entry.bytes
        let (links, numbers, packet) = (bytes.word(at: 0), bytes.word(at: 8), bytes.word(at: 16))
        guard UInt32(truncatingIfNeeded: links) == serial,
            UInt32(truncatingIfNeeded: numbers) == RecentBytes.owner(stream)
        else { return nil }
        return Kept(
            previous: UInt32(truncatingIfNeeded: links >> 32),
            start: SequenceNumber(UInt32(truncatingIfNeeded: numbers >> 32)), packet: PacketNumber(packet >> 8),
            count: Int(packet & 0xFF), time: Timestamp(nanoseconds: Int64(bitPattern: bytes.word(at: 24))))
    }

    private func entry(_ serial: UInt32) -> UnsafeRawBufferPointer? {
        guard let ring else { return nil }
        let place = ring + (Int(serial) & (places - 1)) * RecentBytes.placeLength
        return UnsafeRawBufferPointer(start: place, count: RecentBytes.placeLength)
    }
}
