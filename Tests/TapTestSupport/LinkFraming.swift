import TapBytes

/// The ways in which a capture frames an IP packet.
package enum LinkFraming: CaseIterable, Sendable {
    case ethernet, vlan, qinq, oldQinQ, linuxCooked, linuxCooked2, cookedVLAN
    case nullLittleEndian, nullBigEndian, loop, raw, ip

    package func linkType(isIPv6: Bool) -> LinkType {
        switch self {
        case .ethernet, .vlan, .qinq, .oldQinQ: .ethernet
        case .linuxCooked, .cookedVLAN: .linuxCooked
        case .linuxCooked2: .linuxCooked2
        case .nullLittleEndian, .nullBigEndian: .null
        case .loop: .loop
        case .raw: .raw
        case .ip: isIPv6 ? .ipv6 : .ipv4
        }
    }

    /// The bytes before the IP header.
    package func header(isIPv6: Bool) -> [UInt8] {
        let etherType: [UInt8] = isIPv6 ? [0x86, 0xDD] : [0x08, 0x00]
        let addresses: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
        let cooked: [UInt8] = [0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0]
        return switch self {
        case .ethernet: addresses + etherType
        case .vlan: addresses + [0x81, 0x00, 0x00, 0x05] + etherType
        case .qinq: addresses + [0x88, 0xA8, 0x00, 0x07, 0x81, 0x00, 0x20, 0x05] + etherType
        case .oldQinQ: addresses + [0x91, 0x00, 0x00, 0x07, 0x81, 0x00, 0x20, 0x05] + etherType
        case .linuxCooked: cooked + etherType
        case .cookedVLAN: cooked + [0x81, 0x00, 0x00, 0x05] + etherType
        case .linuxCooked2: etherType + [UInt8](repeating: 0, count: 18)
        case .nullLittleEndian: [isIPv6 ? 30 : 2, 0, 0, 0]
        case .nullBigEndian, .loop: [0, 0, 0, isIPv6 ? 24 : 2]
        case .raw, .ip: []
        }
    }
}
