import TapCore

/// The tunnels that are known by the UDP port to which they are sent; of some, answers come from that port.
@usableFromInline
package enum UDPTunnel: UInt16, CaseIterable, Sendable {
    case vxlan = 4789
    /// Linux's port, from before there was the other.
    case earlierVXLAN = 8472
    case genericVXLAN = 4790
    case geneve = 6081
    case gtp = 2152
    case lisp = 4341
    case gre = 4754
    case mpls = 6635
    case l2tp = 1701
    case teredo = 3544
    case capwap = 5247
    /// The sniffer of MikroTik's routers, and of some access points.
    case tzsp = 37008

    /// The tunnel to whose port a datagram is sent, or from whose port it comes.
    @inline(__always)
    init?(_ bytes: RawSpan, _ ip: IPPayload) {
        guard bytes.byteCount >= ip.offset + 16 else { return nil }
        let ports = bytes.uint32(at: ip.offset)
        guard UDPTunnel.mayName(ports) else { return nil }
        self.init(ports: ports)
    }

    /// The same by both ports.
    @usableFromInline
    init?(ports: UInt32) {
        if let tunnel = UDPTunnel(rawValue: UInt16(truncatingIfNeeded: ports)) {
            self = tunnel
            return
        }
        switch UDPTunnel(rawValue: UInt16(truncatingIfNeeded: ports >> 16)) {
        case .l2tp: self = .l2tp
        case .teredo: self = .teredo
        case .capwap: self = .capwap
        default: return nil
        }
    }

    /// Whether one of two ports has the lowest six bits of a tunnel's: few others do, and nearly all datagrams are others.
    @inlinable
    @inline(__always)
    static func mayName(_ ports: UInt32) -> Bool {
        (lowBits &>> UInt64(ports & 63) | lowBits &>> UInt64(ports &>> 16 & 63)) & 1 != 0
    }

    /// A bit for each; a constant, since to look whether it was computed costs as much as to use it.
    @inlinable package static var lowBits: UInt64 { 0x8060_0920_0105_0002 }

    /// The packet in a datagram and where the datagram ends on the wire; `nil` where it is no tunnel that is read.
    @inline(never)
    func decode(_ bytes: RawSpan, _ ip: IPPayload) -> (network: LinkLayer.NetworkLayer, end: Int)? {
        let length = Int(bytes.uint16(at: ip.offset + 4))
        // Segmentation offload may leave the length at zero.
        let end = length == 0 ? ip.end : ip.offset + length
        guard end <= ip.end, end >= ip.offset + 16 else { return nil }
        let start = ip.offset + 8
        let network: LinkLayer.NetworkLayer? =
            switch self {
            case .vxlan, .earlierVXLAN: OverlayTunnel.vxlan(bytes, at: start)
            case .genericVXLAN: OverlayTunnel.genericVXLAN(bytes, at: start)
            case .geneve: OverlayTunnel.geneve(bytes, at: start)
            case .lisp: OverlayTunnel.lisp(bytes, at: start)
            case .gtp: AccessTunnel.gtp(bytes, at: start, end: end)
            case .l2tp: AccessTunnel.l2tp(bytes, at: start, end: end)
            case .teredo: AccessTunnel.teredo(bytes, at: start)
            case .capwap: WirelessTunnel.capwap(bytes, at: start, end: end)
            case .tzsp: WirelessTunnel.tzsp(bytes, at: start, end: end)
            case .gre: GRELayer.decode(bytes, at: start, end: end)  // RFC 8086
            case .mpls: MPLSLayer.decode(bytes, at: start)  // RFC 7510
            }
        return network.map { ($0, end) }
    }
}
