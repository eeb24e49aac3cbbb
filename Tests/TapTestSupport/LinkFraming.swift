import TapCore

/// The ways in which a capture frames an IP packet.
package enum LinkFraming: CaseIterable, Sendable {
    case ethernet, vlan, qinq, oldQinQ, olderQinQ, linuxCooked, linuxCooked2, cookedVLAN, cookedLLC
    case nullLittleEndian, nullBigEndian, loop, raw, ip, rawDLT, rawOpenBSD
    case snap, snapVLAN, bridgeSNAP, mpls, mplsStack, pppoeSession, pppoeCompressed, pppoeMPLS
    case ppp, pppHDLC, ciscoHDLC, pppoe, nflogLittleEndian, nflogBigEndian
    case wireless, wirelessQoS, wirelessHTC, wirelessBridge, radiotap, radiotapPadded, prism, avs
    case tokenRing, tokenRingRouted, fddi, fibreChannel, ieee1394, infiniBand, atm, atmBridged, atmIP, sunATM
    case slip, ciscoLine, ciscoLineDirection, frameRelay, frameRelayPadded, frameRelayLong, frameRelayCisco
    case frameRelaySNAP, frameRelayBridged, frameRelayPPP, frameRelayDirection, pppDirection, pppHDLCDirection, pppd
    case packetFilter, ipsec, pktap, pktapLong, pktapUser, pktapIP, ppi, ppiWireless
    case erf, erfExtended, erfPPP, erfIP, juniper, juniperFields, juniperIP, juniperPPP, juniperCisco
    case providerBackbone, vnTag, eTag, ciscoMetaData, exported

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
        case .prism: .prism
        case .avs: .avs
        case .tokenRing, .tokenRingRouted: .tokenRing
        case .fddi: .fddi
        case .fibreChannel: .ipOverFibreChannel
        case .ieee1394: .ieee1394
        case .infiniBand: .ipOverInfiniBand
        case .atm, .atmBridged, .atmIP: .atmRFC1483
        case .sunATM: .sunATM
        case .slip: .slip
        case .ciscoLine: .ciscoHDLC
        case .ciscoLineDirection: .ciscoHDLCWithDirection
        case .frameRelay, .frameRelayPadded, .frameRelayLong, .frameRelayCisco: .frameRelay
        case .frameRelaySNAP, .frameRelayBridged, .frameRelayPPP: .frameRelay
        case .frameRelayDirection: .frameRelayWithDirection
        case .pppDirection, .pppHDLCDirection: .pppWithDirection
        case .pppd: .pppPPPD
        case .packetFilter: .pflog
        case .ipsec: .enc
        case .pktap, .pktapLong, .pktapIP: .pktap
        case .pktapUser: .user2
        case .ppi, .ppiWireless: .ppi
        case .erf, .erfExtended, .erfPPP, .erfIP: .erf
        case .juniper, .juniperFields, .juniperIP: .juniperEthernet
        case .juniperPPP: .juniperPPP
        case .juniperCisco: .juniperCiscoHDLC
        case .providerBackbone, .vnTag, .eTag, .ciscoMetaData: .ethernet
        case .exported: .upperPDU
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
        case .prism: [0x44, 0, 0, 0, 144, 0, 0, 0] + zeros(136) + WirelessBytes.header() + snap
        case .avs: [0x80, 0x21, 0x10, 0x01, 0, 0, 0, 64] + zeros(56) + WirelessBytes.header() + snap
        case .tokenRing: [0x10, 0x40] + addresses + snap
        case .tokenRingRouted:
            [0x10, 0x40, 2, 0, 0, 0, 0, 2, 0x82, 0, 0, 0, 0, 1] + [0x06, 0x30, 0, 0x11, 0, 0x20] + snap
        case .fddi: [0x50] + addresses + snap
        case .fibreChannel: [0x10, 0, 2, 0, 0, 0, 0, 2, 0x10, 0, 2, 0, 0, 0, 0, 1] + snap
        case .ieee1394: [2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1] + etherType
        case .infiniBand: [0x60] + zeros(39) + etherType + [0, 0]
        case .atm: snap
        case .atmBridged: [0xAA, 0xAA, 0x03, 0, 0x80, 0xC2, 0, 7, 0, 0] + addresses + etherType
        case .atmIP: []
        case .sunATM: [0x82, 1, 0, 64] + snap
        case .slip: [1, isIPv6 ? 0x60 : 0x45] + zeros(14)
        case .ciscoLine: [0x8F, 0] + etherType
        case .ciscoLineDirection: [1, 0x0F, 0] + etherType
        case .frameRelay: [0x18, 0x41, 3, isIPv6 ? 0x8E : 0xCC]
        case .frameRelayPadded: [0x18, 0x41, 3, 0, 0x80, 0, 0, 0] + etherType
        case .frameRelayLong: [0x18, 0x40, 0, 0x41, 3, isIPv6 ? 0x8E : 0xCC]
        case .frameRelayCisco: [0x18, 0x41] + etherType
        case .frameRelaySNAP: [0x18, 0x41, 3, 0x80, 0, 0, 0] + etherType
        case .frameRelayBridged: [0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xC2, 0, 7] + addresses + etherType
        case .frameRelayPPP: [0x18, 0x41, 3, 0xCF] + pppProtocol
        case .frameRelayDirection: [0, 0x18, 0x41, 3, isIPv6 ? 0x8E : 0xCC]
        case .pppDirection: [0] + pppProtocol
        case .pppHDLCDirection: [1, 0xFF, 0x03] + pppProtocol
        case .pppd: [1, 0x03] + pppProtocol
        case .packetFilter: [61, isIPv6 ? 24 : 2, 0, 0] + zeros(60)
        case .ipsec: [isIPv6 ? 24 : 2, 0, 0, 0, 0, 0, 0x10, 1, 0, 0x0C, 0, 0]
        case .pktap: apple(108, 1) + addresses + etherType
        case .pktapLong: apple(156, 1) + addresses + etherType
        case .pktapUser: apple(108, 0) + [isIPv6 ? 30 : 2, 0, 0, 0]
        case .pktapIP: apple(108, 12)
        case .ppi: [0, 0, 8, 0, 1, 0, 0, 0] + addresses + etherType
        case .ppiWireless: [0, 0, 16, 0, 105, 0, 0, 0] + [4, 0, 4, 0, 1, 2, 3, 4] + WirelessBytes.header() + snap
        case .erf: record(2, length + 32) + [0, 0] + addresses + etherType
        case .erfExtended:
            record(0x82, length + 48) + [0x83, 0, 0, 0, 0, 0, 0, 1, 0x04, 0, 0, 0, 0, 0, 0, 2, 0, 0]
                + addresses + etherType
        case .erfPPP: record(1, length + 20) + [0xFF, 0x03] + pppProtocol
        case .erfIP: record(isIPv6 ? 23 : 22, length + 16)
        case .juniper: [0x4D, 0x47, 0x43, 0x01] + addresses + etherType
        case .juniperFields: [0x4D, 0x47, 0x43, 0x80, 0, 6, 3, 1, 14, 6, 1, 1] + addresses + etherType
        case .juniperIP: [0x4D, 0x47, 0x43, 0x03, isIPv6 ? 6 : 2, 0, 0, 0]
        case .juniperPPP: [0x4D, 0x47, 0x43, 0x00, 0xFF, 0x03] + pppProtocol
        case .juniperCisco: [0x4D, 0x47, 0x43, 0x00, 0x0F, 0] + etherType
        case .providerBackbone: addresses + [0x88, 0xA8, 0, 10, 0x88, 0xE7, 0, 0, 0, 100] + addresses + etherType
        case .vnTag: addresses + [0x89, 0x26, 0, 1, 0, 2] + etherType
        case .eTag: addresses + [0x89, 0x3F, 0, 1, 0, 2, 0, 3] + etherType
        case .ciscoMetaData: addresses + [0x89, 0x09, 1, 1, 0, 1, 0, 16] + etherType
        case .exported:
            // The dissector, the addresses of the tunnel that it was in, the packet's number there, and the end.
            [0, 12, 0, 4] + Array("ip".utf8) + (isIPv6 ? Array("v6".utf8) : [0, 0])
                + [0, 20, 0, 4, 10, 9, 9, 9, 0, 21, 0, 4, 10, 9, 9, 8, 0, 30, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0]
        }
    }

    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    /// The header of PKTAP, with the process `curl` in it.
    private func apple(_ length: UInt8, _ linkType: UInt8) -> [UInt8] {
        let interface = Array("en0".utf8) + zeros(21)
        let process: [UInt8] = [0xF5, 1, 0, 0] + Array("curl".utf8) + zeros(16)
        return [length, 0, 0, 0, 1, 0, 0, 0, linkType, 0, 0, 0] + interface + zeros(16) + process
            + zeros(Int(length) - 76)
    }

    /// The header of a record of ERF.
    private func record(_ type: UInt8, _ length: Int) -> [UInt8] {
        let length = bigEndian(UInt16(truncatingIfNeeded: length))
        return [0, 0, 0, 0, 0, 0, 0, 1, type, 4] + length + [0, 0] + length
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
