import TapCore

/// Packets that a Linux firewall rule logged: a header and fields, one of which is the packet. LINKTYPE_NFLOG.
enum NFLogLayer {
    private static let payloadType: UInt8 = 9

    static func decode(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        var offset = 4
        while true {
            guard bytes.byteCount >= offset + 4 else { return .other(.cutShort) }
            // Lengths and types are in the byte order of the machine that captured. Types are small, so that the byte of
            // theirs that is zero tells which order it was.
            let (first, second) = (bytes.uint8(at: offset + 2), bytes.uint8(at: offset + 3))
            guard (first == 0) != (second == 0) else { return .other(.malformed) }
            let length = bytes.uint16(at: offset)
            let fieldLength = Int(second == 0 ? length.byteSwapped : length)
            guard fieldLength >= 4 else { return .other(.malformed) }
            if first | second == payloadType { return LinkLayer.version(of: bytes, at: offset + 4) }
            offset += (fieldLength + 3) & ~3
        }
    }
}
