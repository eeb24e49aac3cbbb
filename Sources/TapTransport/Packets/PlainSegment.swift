import TapCore

/// The fast path to the segments that nearly all are: of TCP over IPv4 without options, over Ethernet without tags, whole
/// in their packet. Two thirds of what decoding costs are spent on the possibility of everything else.
@usableFromInline
enum PlainSegment {
    /// The headers of Ethernet, and of IPv4 and TCP without options, in bytes.
    @inlinable static var shortest: Int { 14 + 20 + 20 }

    /// By what the packet's connection is dealt; `nil` where it takes the long way to say what the packet is.
    @inlinable
    @inline(__always)
    static func spread(_ bytes: RawSpan) -> UInt64? {
        guard bytes.byteCount >= shortest else { return nil }
        let (start, middle) = (bytes.uint64(at: 14), bytes.uint64(at: 22))
        let isPlain =
            bytes.uint32(at: 12) >> 8 == 0x08_0045 && start & 0x3FFF == 0 && (middle >> 48) & 0xFF == 6
        // Headers that contradict themselves are of no connection.
        let (payload, end) = (34 &+ Int(bytes.uint8(at: 46) >> 4) &* 4, 14 &+ Int(start >> 32 & 0xFFFF))
        guard isPlain, payload >= shortest, payload <= end else { return nil }
        let ports = bytes.uint32(at: 34)
        return FlowKey.spread(
            addresses: UInt64(UInt32(truncatingIfNeeded: middle) ^ bytes.uint32(at: 30)),
            ports: UInt16(truncatingIfNeeded: ports >> 16 ^ ports))
    }

    /// The segment; `nil` where it takes the long way to say what the packet is.
    @inlinable
    @inline(__always)
    static func decode(_ bytes: RawSpan) -> TCPSegment? {
        guard bytes.byteCount >= shortest else { return nil }
        // The EtherType, version and header length of IPv4, and two bytes that say nothing here.
        let type = bytes.uint32(at: 12)
        let (start, middle) = (bytes.uint64(at: 14), bytes.uint64(at: 22))
        let isPlain = type >> 8 == 0x08_0045 && start & 0x3FFF == 0 && (middle >> 48) & 0xFF == 6
        let (first, second) = (bytes.uint64(at: 34), bytes.uint64(at: 42))
        let end = 14 &+ Int(start >> 32 & 0xFFFF)
        let payload = 34 &+ Int(second >> 28 & 0xF) &* 4
        guard isPlain, payload >= shortest, payload <= end, end <= bytes.byteCount else { return nil }
        let flags = TCPFlags(rawValue: UInt8(truncatingIfNeeded: second >> 16))
        guard !flags.contains(.syn) else { return nil }
        let (source, destination) = (UInt32(truncatingIfNeeded: middle), bytes.uint32(at: 30))
        let ports = (UInt16(truncatingIfNeeded: first >> 48), UInt16(truncatingIfNeeded: first >> 32))
        // An address and its port in one word: they are in the order of these.
        let isFromFirst = UInt64(source) << 16 | UInt64(ports.0) <= UInt64(destination) << 16 | UInt64(ports.1)
        return TCPSegment(
            key: FlowKey(
                first: endpoint(isFromFirst ? source : destination, isFromFirst ? ports.0 : ports.1),
                second: endpoint(isFromFirst ? destination : source, isFromFirst ? ports.1 : ports.0)),
            isFromFirst: isFromFirst,
            sequenceNumber: SequenceNumber(UInt32(truncatingIfNeeded: first)),
            acknowledgmentNumber: SequenceNumber(UInt32(truncatingIfNeeded: second >> 32)),
            flags: flags, payload: Range(uncheckedBounds: (payload, end)), headerLength: payload &- 34,
            window: UInt16(truncatingIfNeeded: second))
    }

    @inlinable
    @inline(__always)
    static func endpoint(_ address: UInt32, _ port: UInt16) -> Endpoint {
        Endpoint(address: IPAddress(ipv4: address), port: port)
    }
}
