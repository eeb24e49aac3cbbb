/// The ways in which an IP packet travels inside another.
package enum Tunneling: CaseIterable, Sendable {
    case ip, gre, greChecksum, greAll, greEthernet, greMPLS, erspan1, erspan2, erspan3, erspan3IP, erspan3Platform
    case vxlan, vxlanLinux, vxlanPolicy, geneve, geneveOptions, geneveIP, gtp, gtpNumbered, gtpExtended

    package var isUDP: Bool { port != nil }

    private var port: UInt16? {
        switch self {
        case .vxlan, .vxlanPolicy: 4789
        case .vxlanLinux: 8472
        case .geneve, .geneveOptions, .geneveIP: 6081
        case .gtp, .gtpNumbered, .gtpExtended: 2152
        case .ip, .gre, .greChecksum, .greAll, .greEthernet, .greMPLS: nil
        case .erspan1, .erspan2, .erspan3, .erspan3IP, .erspan3Platform: nil
        }
    }

    /// The protocol number and the payload of the outer packet.
    package func wrap(_ inner: [UInt8], isIPv6: Bool) -> (protocolNumber: UInt8, payload: [UInt8]) {
        let payload = header(length: inner.count, isIPv6: isIPv6) + inner
        guard let port else { return (self == .ip ? (isIPv6 ? 41 : 4) : 47, payload) }
        return (17, UDPBytes(to: port, payload).bytes)
    }

    private func header(length: Int, isIPv6: Bool) -> [UInt8] {
        let etherType: [UInt8] = isIPv6 ? [0x86, 0xDD] : [0x08, 0x00]
        let ethernet = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] + etherType
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
        }
    }
}
