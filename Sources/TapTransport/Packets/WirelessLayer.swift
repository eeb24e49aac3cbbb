import TapCore

/// Data frames of wireless networks, with or without a radiotap header. IEEE 802.11 §9.3.2, <https://www.radiotap.org>.
///
/// What is encrypted, aggregated, or cut into fragments by the radio is not read, and neither is management.
enum WirelessLayer {
    /// The header that the driver puts before a frame: its length is at a fixed place, in little-endian order.
    static func radiotap(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 8 else { return .other(.cutShort) }
        let length = Int(bytes.uint16(at: 2).byteSwapped)
        guard bytes.uint8(at: 0) == 0, length >= 8 else { return .other(.malformed) }
        guard bytes.byteCount >= length else { return .other(.cutShort) }
        return decode(bytes, at: length, isPadded: isPadded(bytes.upTo(length)))
    }

    /// The headers of the first drivers that could monitor: that of Prism cards, in the byte order of the machine that captured,
    /// with its length behind its type, or that of AVS, in network order. LINKTYPE_IEEE802_11_PRISM, LINKTYPE_IEEE802_11_AVS.
    static func monitored(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 8 else { return .other(.cutShort) }
        let (type, length) = (bytes.uint32(at: 0), bytes.uint32(at: 4))
        switch type {
        case 0x8021_1001, 0x8021_1002, 0x44, 0x41: return behind(length, bytes)
        case 0x4400_0000, 0x4100_0000: return behind(length.byteSwapped, bytes)
        default: return .other(.malformed)
        }
    }

    private static func behind(_ length: UInt32, _ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        length >= 8 ? decode(bytes, at: Int(length)) : .other(.malformed)
    }

    /// - Parameters:
    ///   - isPadded: whether the driver filled the header up to a multiple of four bytes.
    ///   - isSwapped: whether the two bytes of the frame control field stand in the other order.
    static func decode(
        _ bytes: RawSpan, at offset: Int, isPadded: Bool = false, isSwapped: Bool = false
    ) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= offset + 24 else { return .other(.cutShort) }
        let control = isSwapped ? bytes.uint16(at: offset).byteSwapped : bytes.uint16(at: offset)
        let (kind, flags) = (UInt8(control >> 8), UInt8(control & 0xFF))
        // Version 0, type data, and not one of the subtypes that carry none.
        guard kind & 0x4F == 0x08 else { return .other(.otherNetwork) }
        // Protected, or more fragments; or a fragment number.
        guard flags & 0x44 == 0, bytes.uint8(at: offset + 22) & 0x0F == 0 else { return .other(.otherNetwork) }
        var length = 24
        if flags & 0x03 == 0x03 { length += 6 }  // from one access point to another: a fourth address
        if kind & 0x80 != 0 {
            guard bytes.byteCount >= offset + length + 2 else { return .other(.cutShort) }
            // Several packets in one frame (A-MSDU) have headers of their own.
            guard bytes.uint8(at: offset + length) & 0x80 == 0 else { return .other(.otherNetwork) }
            length += flags & 0x80 != 0 ? 6 : 2  // quality of service, and high throughput control
        }
        if isPadded { length = (length + 3) & ~3 }
        return LLCLayer.network(bytes, at: offset + length)
    }

    /// Reads the flags of a radiotap header, which come after the words that tell what is present and a time of eight bytes.
    private static func isPadded(_ header: RawSpan) -> Bool {
        let present = header.uint32(at: 4).byteSwapped
        guard present & 0x02 != 0 else { return false }
        var offset = 4
        repeat {
            guard header.byteCount >= offset + 4 else { return false }
            offset += 4
        } while header.uint8(at: offset - 1) & 0x80 != 0
        if present & 0x01 != 0 { offset = (offset + 7) & ~7 + 8 }
        return header.byteCount > offset && header.uint8(at: offset) & 0x20 != 0
    }
}
