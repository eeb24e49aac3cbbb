import TapCore

/// The ways in which a capture frames an IP packet.
package enum LinkFraming: CaseIterable, Sendable {
    case ethernet, vlan, qinq, oldQinQ, olderQinQ, linuxCooked, linuxCooked2, cookedVLAN, cookedLLC
    case nullLittleEndian, nullBigEndian, loop, raw, ip, rawDLT, rawOpenBSD
    case snap, snapVLAN, bridgeSNAP, mpls, mplsStack, pppoeSession, pppoeCompressed, pppoeMPLS
    case ppp, pppHDLC, ciscoHDLC, pppoe, nflogLittleEndian, nflogBigEndian
    case wireless, wirelessQoS, wirelessHTC, wirelessBridge, radiotap, radiotapPadded

    package func linkType(isIPv6: Bool) -> LinkType {
        switch self {
        case .ethernet, .vlan, .qinq, .oldQinQ, .olderQinQ: .ethernet
        case .snap, .snapVLAN, .bridgeSNAP, .mpls, .mplsStack, .pppoeSession, .pppoeCompressed, .pppoeMPLS: .ethernet
        case .linuxCooked, .cookedVLAN, .cookedLLC: .linuxCooked
        case .linuxCooked2: .linuxCooked2
        case .nullLittleEndian, .nullBigEndian: .null
        case .loop: .loop
        case .raw: .raw
        case .rawDLT: .rawDLT
        case .rawOpenBSD: .rawOpenBSD
        case .ip: isIPv6 ? .ipv6 : .ipv4
        case .ppp: .ppp
        case .pppHDLC, .ciscoHDLC: .pppHDLC
        case .pppoe: .pppoe
        case .nflogLittleEndian, .nflogBigEndian: .nflog
        case .wireless, .wirelessQoS, .wirelessHTC, .wirelessBridge: .ieee80211
        case .radiotap, .radiotapPadded: .radiotap
        }
    }

    /// The longest payload of TCP that fits, where a length stands in place of the EtherType: those above 1,500 are types.
    package var longestPayload: Int {
        switch self {
        case .snap, .snapVLAN, .bridgeSNAP: 1_400
        default: .max
        }
    }

    /// The bytes before the header of an IP packet of `length` bytes.
    package func header(isIPv6: Bool, length: Int) -> [UInt8] {
        let etherType: [UInt8] = isIPv6 ? [0x86, 0xDD] : [0x08, 0x00]
        let addresses: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
        let cooked: [UInt8] = [0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0]
        let snap = [0xAA, 0xAA, 0x03, 0, 0, 0] + etherType
        let pppProtocol: [UInt8] = [0, isIPv6 ? 0x57 : 0x21]
        let count = { (more: Int) in bigEndian(UInt16(truncatingIfNeeded: length + more)) }
        let session = { (headers: Int) -> [UInt8] in [0x11, 0, 0, 7] + count(headers) }
        return switch self {
        case .ethernet: addresses + etherType
        case .vlan: addresses + [0x81, 0x00, 0x00, 0x05] + etherType
        case .qinq: addresses + [0x88, 0xA8, 0x00, 0x07, 0x81, 0x00, 0x20, 0x05] + etherType
        case .oldQinQ: addresses + [0x91, 0x00, 0x00, 0x07, 0x81, 0x00, 0x20, 0x05] + etherType
        case .olderQinQ: addresses + [0x92, 0x00, 0x00, 0x07, 0x81, 0x00, 0x20, 0x05] + etherType
        case .linuxCooked: cooked + etherType
        case .cookedVLAN: cooked + [0x81, 0x00, 0x00, 0x05] + etherType
        case .cookedLLC: cooked + [0, 4] + snap
        case .linuxCooked2: etherType + [UInt8](repeating: 0, count: 18)
        case .nullLittleEndian: [isIPv6 ? 30 : 2, 0, 0, 0]
        case .nullBigEndian, .loop: [0, 0, 0, isIPv6 ? 24 : 2]
        case .raw, .ip, .rawDLT, .rawOpenBSD: []
        case .snap: addresses + count(8) + snap
        case .snapVLAN: addresses + [0x81, 0, 0, 5] + count(8) + snap
        case .bridgeSNAP: addresses + count(8) + [0xAA, 0xAA, 0x03, 0, 0, 0xF8] + etherType
        case .mpls: addresses + [0x88, 0x47, 0, 0x01, 0x01, 64]
        case .mplsStack: addresses + [0x88, 0x48, 0, 0x01, 0x00, 64, 0xFF, 0xFF, 0xF0, 1, 0, 0, 0x31, 9]
        case .pppoeSession: addresses + [0x88, 0x64] + session(2) + pppProtocol
        case .pppoeCompressed: addresses + [0x88, 0x64] + session(1) + pppProtocol.dropFirst()
        case .pppoeMPLS: addresses + [0x88, 0x64] + session(6) + [0x02, 0x81, 0, 0x01, 0x01, 64]
        case .ppp: pppProtocol
        case .pppHDLC: [0xFF, 0x03] + pppProtocol
        case .ciscoHDLC: [0x0F, 0x00] + etherType
        case .pppoe: session(2) + pppProtocol
        case .nflogLittleEndian:
            [isIPv6 ? 10 : 2, 0, 0, 5, 8, 0, 1, 0, 8, 0, 1, 0, 5, 0, 10, 0, 0x41, 0, 0, 0]
                + count(4).reversed() + [9, 0]
        case .nflogBigEndian:
            [isIPv6 ? 10 : 2, 0, 0, 5, 0, 8, 0, 1, 8, 0, 1, 0, 0, 5, 0, 10, 0x41, 0, 0, 0] + count(4) + [0, 9]
        case .wireless: WirelessBytes.header() + snap
        case .wirelessQoS: WirelessBytes.header(kind: 0x88, after: [0, 0]) + snap
        case .wirelessHTC: WirelessBytes.header(kind: 0x88, flags: 0x82, after: [5, 0, 1, 2, 3, 4]) + snap
        case .wirelessBridge: WirelessBytes.header(flags: 0x03, after: [2, 2, 2, 2, 2, 2]) + snap
        case .radiotap: WirelessBytes.radiotap(flags: 0x10) + WirelessBytes.header() + snap
        case .radiotapPadded:
            WirelessBytes.radiotap(flags: 0x30) + WirelessBytes.header(kind: 0x88, after: [0, 0, 0xEE, 0xEE]) + snap
        }
    }
    /// The whole packet on the link.
    package func frame(_ ip: [UInt8], isIPv6: Bool) -> [UInt8] {
        header(isIPv6: isIPv6, length: ip.count) + ip + trailer
    }

    /// A frame check sequence, where the header before says that there is one.
    var trailer: [UInt8] {
        self == .radiotap || self == .radiotapPadded ? [0xDE, 0xAD, 0xBE, 0xEF] : []
    }
}
