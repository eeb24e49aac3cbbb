import TapCore

/// Framing of serial lines other than PPP: that of Cisco, Frame Relay, and SLIP.
enum SerialLayer {
    /// The header of SLIP in a capture, in bytes: the direction, and how the header of the packet was compressed. LINKTYPE_SLIP.
    private static let slipHeader = 16
    /// The longest address of Frame Relay, in bytes. ITU-T Q.922 §3.3.1.
    private static let longestAddress = 4

    /// An address (unicast or broadcast), a control byte of zero, and an EtherType. RFC 1547 §4.3.1.
    static func ciscoHDLC(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= offset + 4 else { return .other(.cutShort) }
        return LinkLayer.network(bytes, etherType: bytes.uint16(at: offset + 2), at: offset + 4)
    }

    /// The packet behind the header, whose own header is no longer compressed.
    static func slip(_ bytes: RawSpan) -> LinkLayer.NetworkLayer { LinkLayer.version(of: bytes, at: slipHeader) }

    /// An address of two to four bytes, of which the last says so, and then RFC 2427 §4.1; or what Cisco has in its place,
    /// an EtherType.
    static func frameRelay(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        var start = offset
        repeat {
            guard start < offset + longestAddress else { return .other(.malformed) }
            guard bytes.byteCount > start else { return .other(.cutShort) }
            start += 1
        } while bytes.uint8(at: start - 1) & 1 == 0
        guard bytes.byteCount >= start + 2 else { return .other(.cutShort) }
        guard bytes.uint8(at: start) == 0x03 else {
            return LinkLayer.network(bytes, etherType: bytes.uint16(at: start), at: start + 2)
        }
        // A byte of padding may make the rest begin at an even place.
        return networkProtocol(bytes, at: start + (bytes.uint8(at: start + 1) == 0 ? 2 : 1))
    }

    /// What a network layer protocol ID names. ISO/IEC TR 9577, RFC 2427 §4.1.
    private static func networkProtocol(_ bytes: RawSpan, at offset: Int) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount > offset else { return .other(.cutShort) }
        switch bytes.uint8(at: offset) {
        case 0xCC: return .ipv4(at: offset + 1)
        case 0x8E: return .ipv6(at: offset + 1)
        case 0xCF: return PPPLayer.decode(bytes, at: offset + 1)  // RFC 1973 §2
        case 0x80: return LLCLayer.bridged(bytes, at: offset + 1, padding: 0)
        default: return .other(.otherNetwork)
        }
    }
}
