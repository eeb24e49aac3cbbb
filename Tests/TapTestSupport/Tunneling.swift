/// The ways in which an IP packet travels inside another.
package enum Tunneling: CaseIterable, Sendable {
    case ip, gre, greChecksum, greAll, greEthernet, greMPLS, erspan1, erspan2, erspan3, erspan3IP, erspan3Platform
    case vxlan, vxlanLinux, vxlanPolicy, geneve, geneveOptions, geneveIP, gtp, gtpNumbered, gtpExtended
    case greRadio, greMetaData, etherIP, mpls, vxlanGeneric, vxlanGenericIP, vxlanService, lisp, lispInstance, lispNamed
    case greUDP, mplsUDP, l2tp, l2tpFull, l2tpAnswer, teredo, teredoServer, teredoAnswer
    case capwap, capwapRadio, capwapSwapped, capwapAnswer, tzsp, tzspTagged, tzspRadio

    package var isUDP: Bool { port != nil }

    private var port: UInt16? {
        switch self {
        case .vxlan, .vxlanPolicy: 4789
        case .vxlanLinux: 8472
        case .geneve, .geneveOptions, .geneveIP: 6081
        case .gtp, .gtpNumbered, .gtpExtended: 2152
        case .vxlanGeneric, .vxlanGenericIP, .vxlanService: 4790
        case .lisp, .lispInstance, .lispNamed: 4341
        case .greUDP: 4754
        case .mplsUDP: 6635
        case .l2tp, .l2tpFull, .l2tpAnswer: 1701
        case .teredo, .teredoServer, .teredoAnswer: 3544
        case .capwap, .capwapRadio, .capwapSwapped, .capwapAnswer: 5247
        case .tzsp, .tzspTagged, .tzspRadio: 37008
        case .ip, .gre, .greChecksum, .greAll, .greEthernet, .greMPLS, .greRadio, .greMetaData, .etherIP, .mpls: nil
        case .erspan1, .erspan2, .erspan3, .erspan3IP, .erspan3Platform: nil
        }
    }

    /// The protocol number and the payload of the outer packet.
    package func wrap(_ inner: [UInt8], isIPv6: Bool) -> (protocolNumber: UInt8, payload: [UInt8]) {
        let payload = header(length: inner.count, isIPv6: isIPv6) + inner
        guard let port else { return (protocolNumber(isIPv6: isIPv6), payload) }
        var datagram = UDPBytes(to: port, payload)
        if self == .l2tpAnswer || self == .teredoAnswer || self == .capwapAnswer {
            swap(&datagram.sourcePort, &datagram.destinationPort)
        }
        return (17, datagram.bytes)
    }

    private func protocolNumber(isIPv6: Bool) -> UInt8 {
        switch self {
        case .ip: isIPv6 ? 41 : 4
        case .etherIP: 97
        case .mpls: 137
        case _: 47
        }
    }

    private func header(length: Int, isIPv6: Bool) -> [UInt8] {
        let etherType: [UInt8] = isIPv6 ? [0x86, 0xDD] : [0x08, 0x00]
        let ethernet = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] + etherType
        let radio = WirelessBytes.header() + [0xAA, 0xAA, 0x03, 0, 0, 0] + etherType
        return switch self {
        case .ip: []
        case .gre: [0, 0] + etherType
        case .greChecksum: [0x80, 0] + etherType + [0xAB, 0xCD, 0, 0]
        case .greAll: [0xB0, 0] + etherType + [0xAB, 0xCD, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2]
        case .greEthernet: [0x20, 0, 0x65, 0x58, 0, 0, 0, 1] + ethernet
        case .greMPLS: [0, 0, 0x88, 0x47, 0, 0x01, 0x01, 64]
        case .erspan1: [0, 0, 0x88, 0xBE] + ethernet
        case .erspan2: [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 5, 0, 1, 0, 0, 0, 0] + ethernet
        case .erspan3: [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 5, 0, 1, 1, 2, 3, 4, 0, 0, 0x80, 0] + ethernet
        case .erspan3IP: [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 5, 0, 1, 1, 2, 3, 4, 0, 0, 0x08, 0]
        case .erspan3Platform:
            [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 5, 0, 1, 1, 2, 3, 4, 0, 0, 0, 1, 8, 7, 6, 5, 4, 3, 2, 1] + ethernet
        case .vxlan, .vxlanLinux: [0x08, 0, 0, 0, 0, 0, 99, 0] + ethernet
        case .vxlanPolicy: [0x88, 0, 0, 7, 0, 0, 99, 0] + ethernet
        case .geneve: [0, 0, 0x65, 0x58, 0, 0, 99, 0] + ethernet
        case .geneveOptions: [2, 0x40, 0x65, 0x58, 0, 0, 99, 0] + [1, 2, 3, 1, 5, 6, 7, 8] + ethernet
        case .geneveIP: [0, 0] + etherType + [0, 0, 99, 0]
        case .gtp: [0x30, 0xFF] + bigEndian(UInt16(truncatingIfNeeded: length)) + [0, 0, 0, 9]
        case .gtpNumbered: [0x32, 0xFF] + bigEndian(UInt16(truncatingIfNeeded: length + 4)) + [0, 0, 0, 9, 0, 1, 0, 0]
        case .gtpExtended:
            [0x34, 0xFF] + bigEndian(UInt16(truncatingIfNeeded: length + 16))
                + [0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0x10, 9, 0x40, 2, 1, 2, 3, 4, 5, 6, 0]
        case .greRadio: [0, 0, 0x82, 0x10] + radio
        case .greMetaData: [0, 0, 0x89, 0x09] + etherType + [1, 1, 0, 1, 0, 16]
        case .etherIP: [0x30, 0] + ethernet
        case .mpls: [0, 1, 1, 64]
        case .vxlanGeneric: [0x0C, 0, 0, 3, 0, 0, 99, 0] + ethernet
        case .vxlanGenericIP: [0x0C, 0, 0, isIPv6 ? 2 : 1, 0, 0, 99, 0]
        case .vxlanService: [0x0C, 0, 0, 4, 0, 0, 99, 0] + [0x0F, 0xC2, 2, 3, 0, 0, 7, 255] + ethernet
        case .lisp: [0x80, 1, 2, 3, 0, 0, 0, 0]
        case .lispInstance: [0x88, 1, 2, 3, 0, 0, 99, 0]
        case .lispNamed: [0x0C, 0, 0, 3, 0, 0, 99, 0] + ethernet
        case .greUDP: [0, 0] + etherType
        case .mplsUDP: [0, 1, 1, 64]
        case .l2tp, .l2tpAnswer: [0, 2, 0, 1, 0, 2, 0xFF, 0x03, 0, isIPv6 ? 0x57 : 0x21]
        case .l2tpFull:
            [0x4A, 2] + bigEndian(UInt16(truncatingIfNeeded: length + 18)) + [0, 1, 0, 2, 0, 7, 0, 0]
                + [0, 2, 9, 9, 0, isIPv6 ? 0x57 : 0x21]
        case .teredo, .teredoAnswer: isIPv6 ? [] : around(length)
        case .teredoServer:
            [0, 1, 2, 3, 9, 9, 8, 8, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0] + [0, 0, 1, 2, 3, 4, 5, 6]
                + (isIPv6 ? [] : around(length))
        case .capwap, .capwapAnswer: [0, 0x10, 0x02, 0, 0, 0, 0, 0] + ethernet
        case .capwapRadio: [0, 0x20, 0x03, 0x20, 0, 0, 0, 0] + [4, 1, 2, 3, 4, 0, 0, 0] + radio
        case .capwapSwapped: [0, 0x10, 0x03, 0, 0, 0, 0, 0] + [radio[1], radio[0]] + radio.dropFirst(2)
        case .tzsp: [1, 0, 0, 1, 1] + ethernet
        case .tzspTagged: [1, 0, 0, 1, 0, 0x0A, 1, 0xD0, 0x29, 2, 1, 2, 1] + ethernet
        case .tzspRadio: [1, 0, 0, 18, 1] + radio
        }
    }

    /// The header of an IPv6 packet that holds an IPv4 packet of `length` bytes.
    private func around(_ length: Int) -> [UInt8] {
        var ip = IPv6Bytes([UInt8](repeating: 0, count: length))
        ip.protocolNumber = 4
        return Array(ip.bytes.prefix(40))
    }
}
