import TapCore
import TapTestSupport

extension CaptureBuilder {
    /// A pcapng file of these packets, with times in nanoseconds and an interface for each link type.
    static func pcapng(_ packets: [CapturedPacket], _ order: Order = .little) -> CaptureBuilder {
        var file = CaptureBuilder.pcapng(order)
        var interfaces: [LinkType] = []
        for packet in packets {
            let linkType = packet.header.linkType
            let interface = interfaces.firstIndex(of: linkType) ?? interfaces.count
            if interface == interfaces.count {
                interfaces.append(linkType)
                file.interface(linkType: UInt16(clamping: linkType.rawValue), resolution: 9)
            }
            file.enhancedPacket(
                interface: UInt32(interface), ticks: UInt64(clamping: packet.header.timestamp.nanoseconds),
                as: PacketRecord(packet))
        }
        return file
    }

    /// A pcap file of these packets, all of them of the first one's link type.
    static func pcap(
        _ packets: [CapturedPacket], _ order: Order = .little, magic: UInt32 = 0xA1B2_C3D4, tick: Int64 = 1_000
    ) -> CaptureBuilder {
        let linkType = packets.first?.header.linkType ?? .ethernet
        var file = CaptureBuilder.pcap(order, magic: magic, linkType: linkType.rawValue)
        for packet in packets { file.record(PacketRecord(packet), tick: tick) }
        return file
    }
}

extension CaptureBuilder {
    /// A comment as an option of a pcapng block.
    static func comment(_ text: [UInt8], _ order: Order = .little) -> [UInt8] { option(1, text, order) }

    /// An option of a pcapng block, or a record of names, which looks the same.
    static func option(_ code: UInt16, _ value: [UInt8], _ order: Order = .little) -> [UInt8] {
        var option = CaptureBuilder(order)
        option.append(code)
        option.append(UInt16(value.count))
        option.append(value + [UInt8](repeating: 0, count: -value.count & 3))
        return option.bytes
    }
}

extension PacketRecord {
    init(_ packet: CapturedPacket) { self.init(packet.header, packet.bytes.span.bytes) }
}
