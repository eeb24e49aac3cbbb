import TapCore

/// A copy of a segment and its packet, to be followed once it is known what to think of it.
@usableFromInline
struct StoredSegment {
    @usableFromInline let segment: TCPSegment
    @usableFromInline let bytes: [UInt8]
    @usableFromInline let packet: PacketHeader

    @usableFromInline
    init(_ segment: TCPSegment, _ bytes: RawSpan, in packet: PacketHeader) {
        self.segment = segment
        self.bytes = [UInt8](bytes)
        self.packet = packet
    }

    /// What keeping it costs, with the storage around it.
    @usableFromInline var cost: Int { bytes.count + 128 }
}
