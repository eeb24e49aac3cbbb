import TapCore
import TapTransport

/// A packet as a capture holds it: its bytes, and what the capture says of it.
package struct CapturedPacket: Sendable {
    package var bytes: [UInt8]
    package var header: PacketHeader

    /// - Parameter originalLength: the length on the wire; that of `bytes` where it is not given.
    package init(
        _ bytes: [UInt8], _ linkType: LinkType, number: UInt64 = 1, nanoseconds: Int64 = 0, originalLength: Int? = nil
    ) {
        self.bytes = bytes
        header = PacketHeader(
            number: PacketNumber(number), timestamp: Timestamp(nanoseconds: nanoseconds), linkType: linkType,
            originalLength: originalLength ?? bytes.count)
    }

    package init(_ bytes: [UInt8], _ header: PacketHeader) {
        self.bytes = bytes
        self.header = header
    }

    package init(_ ip: IPv4Bytes, _ framing: LinkFraming = .ethernet, padding: Int = 0) {
        let bytes = framing.frame(ip.bytes, isIPv6: false) + [UInt8](repeating: 0xEE, count: padding)
        self.init(bytes, framing.linkType(isIPv6: false))
    }

    package init(_ ip: IPv6Bytes, _ framing: LinkFraming = .ethernet, padding: Int = 0) {
        let bytes = framing.frame(ip.bytes, isIPv6: true) + [UInt8](repeating: 0xEE, count: padding)
        self.init(bytes, framing.linkType(isIPv6: true))
    }

    /// The same packet as a capture with a snapshot length of `count` holds it.
    package func cut(to count: Int) -> CapturedPacket {
        var packet = self
        packet.bytes = Array(bytes.prefix(count))
        return packet
    }

    /// The same packet, captured later.
    package func with(delay nanoseconds: Int64) -> CapturedPacket {
        var packet = self
        packet.header.timestamp = Timestamp(nanoseconds: header.timestamp.nanoseconds &+ nanoseconds)
        return packet
    }

    package var content: PacketContent { PacketDecoder.decode(bytes.span.bytes, header) }

    /// The segment in the packet and the captured part of its payload.
    package var segment: (TCPSegment, payload: [UInt8])? {
        guard case .tcp(let segment) = content else { return nil }
        return (segment, Array(bytes[segment.payload]))
    }
}
