import TapCore

/// The tags before an exported piece of data, each with a type and a length. `exported_pdu.h` of Wireshark.
struct ExportTags {
    /// What the data is, as far as it is read.
    enum Content {
        case ipv4, ipv6, tcp
    }

    private(set) var content: Content?
    private(set) var source: IPAddress?
    private(set) var destination: IPAddress?
    /// Where the data begins.
    private(set) var end = 0

    /// `nil` where they were not captured whole.
    init?(_ bytes: RawSpan) {
        while true {
            guard bytes.byteCount >= end + 4 else { return nil }
            let (type, length) = (bytes.uint16(at: end), Int(bytes.uint16(at: end + 2)))
            let value = end + 4..<end + 4 + length
            guard bytes.byteCount >= value.upperBound else { return nil }
            end = value.upperBound
            guard type != 0 else { return }
            take(type, at: value, bytes)
        }
    }

    /// Others tell of other protocols, or of what Wireshark would show.
    private mutating func take(_ type: UInt16, at place: Range<Int>, _ bytes: RawSpan) {
        switch (type, place.count) {
        case (12, 2...8): content = ExportTags.named(bytes.extracting(place))
        case (20, 4): source = IPAddress(ipv4: bytes.uint32(at: place.lowerBound))
        case (21, 4): destination = IPAddress(ipv4: bytes.uint32(at: place.lowerBound))
        case (22, 16): source = ExportTags.address(bytes, place.lowerBound)
        case (23, 16): destination = ExportTags.address(bytes, place.lowerBound)
        case _: break
        }
    }

    private static func address(_ bytes: RawSpan, _ place: Int) -> IPAddress {
        IPAddress(ipv6: bytes.uint64(at: place), bytes.uint64(at: place + 8))
    }

    /// The dissector that the data is for, with zeros behind its name.
    private static func named(_ bytes: RawSpan) -> Content? {
        let name = bytes.upTo(bytes.firstIndex(of: 0) ?? bytes.byteCount)
        switch String(decoding: [UInt8](name), as: UTF8.self) {
        case "ip": return .ipv4
        case "ipv6": return .ipv6
        case "tcp": return .tcp
        case _: return nil
        }
    }
}
