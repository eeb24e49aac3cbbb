import TapCore

/// The tags before an exported piece of data, each with a type and a length. `exported_pdu.h` of Wireshark.
struct ExportTags {
    /// What the data is, as far as it is read.
    enum Content {
        case ipv4, ipv6, tcp
        /// What TLS carried over TCP.
        case stream
    }

    private var named: Content?
    private var isOverTCP = false
    private var isOfTCP = false
    private(set) var source: IPAddress?
    private(set) var destination: IPAddress?
    private var sourcePort: UInt16?
    private var destinationPort: UInt16?
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

    var content: Content? { named ?? (isOverTCP && !isOfTCP ? .stream : nil) }

    /// Between whom the data was sent, where the tags name addresses and ports.
    var endpoints: (source: Endpoint, destination: Endpoint)? {
        guard let source, let destination, let sourcePort, let destinationPort else { return nil }
        return (Endpoint(address: source, port: sourcePort), Endpoint(address: destination, port: destinationPort))
    }

    /// Others tell of other protocols, or of what Wireshark would show.
    private mutating func take(_ type: UInt16, at place: Range<Int>, _ bytes: RawSpan) {
        switch (type, place.count) {
        case (12, 2...8): named = ExportTags.content(bytes.extracting(place))
        case (20, 4): source = IPAddress(ipv4: bytes.uint32(at: place.lowerBound))
        case (21, 4): destination = IPAddress(ipv4: bytes.uint32(at: place.lowerBound))
        case (22, 16): source = ExportTags.address(bytes, place.lowerBound)
        case (23, 16): destination = ExportTags.address(bytes, place.lowerBound)
        case (24, 4): isOverTCP = bytes.uint32(at: place.lowerBound) == ExportTags.tcp
        case (25, 4): sourcePort = UInt16(exactly: bytes.uint32(at: place.lowerBound))
        case (26, 4): destinationPort = UInt16(exactly: bytes.uint32(at: place.lowerBound))
        // Numbers of TCP, which begin anew with each connection.
        case (34, _): isOfTCP = true
        case _: break
        }
    }

    /// Wireshark's number for ports of TCP.
    private static let tcp: UInt32 = 2

    private static func address(_ bytes: RawSpan, _ place: Int) -> IPAddress {
        IPAddress(ipv6: bytes.uint64(at: place), bytes.uint64(at: place + 8))
    }

    /// The dissector that the data is for, with zeros behind its name.
    private static func content(_ bytes: RawSpan) -> Content? {
        let name = bytes.upTo(bytes.firstIndex(of: 0) ?? bytes.byteCount)
        switch String(decoding: [UInt8](name), as: UTF8.self) {
        case "ip": return .ipv4
        case "ipv6": return .ipv6
        case "tcp": return .tcp
        case _: return nil
        }
    }
}
