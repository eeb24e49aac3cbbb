/// A segment with what it carries.
struct TCPPacket {
    let segment: TCPSegment
    let payload: ArraySlice<UInt8>
}
