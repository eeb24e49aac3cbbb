import TapCore

/// From a link-layer header to the offset of the IP header.
/// References: IEEE 802.3, IEEE 802.1Q and 802.1ad, and the LINKTYPE_ registry of tcpdump.org.
@usableFromInline
enum LinkLayer {
    @usableFromInline
    enum NetworkLayer {
        case ipv4(at: Int, in: NetworkID = .unnamed)
        case ipv6(at: Int, in: NetworkID = .unnamed)
        case other(OtherPacket)

        /// The same in another network.
        func inside(_ outer: NetworkID) -> NetworkLayer {
            switch self {
            case .ipv4(let offset, let network): .ipv4(at: offset, in: network.inside(outer))
            case .ipv6(let offset, let network): .ipv6(at: offset, in: network.inside(outer))
            case .other: self
            }
        }
    }

    /// How many VLAN tags and LLC headers may follow each other before a packet counts as malformed.
    private static let deepestTagging = 8

    @inlinable
    @inline(__always)
    static func networkLayer(of bytes: RawSpan, _ linkType: LinkType) -> NetworkLayer {
        switch linkType {
        case .ethernet: etherType(in: bytes, at: 12)
        case .linuxCooked: cooked(bytes, protocolAt: 14, headerLength: 16)
        case .linuxCooked2: cooked(bytes, protocolAt: 0, headerLength: 20)
        case .null, .loop: loopback(bytes)
        case .raw: version(of: bytes, at: 0)
        case .ipv4: .ipv4(at: 0)
        case .ipv6: .ipv6(at: 0)
        default: rarer(bytes, linkType)
        }
    }

    @usableFromInline
    static func rarer(_ bytes: RawSpan, _ linkType: LinkType) -> NetworkLayer {
        switch linkType {
        case .rawDLT, .rawOpenBSD: version(of: bytes, at: 0)
        case .ppp, .pppHDLC: PPPLayer.framed(bytes)
        case .pppoe: PPPLayer.overEthernet(bytes, at: 0)
        case .ieee80211: WirelessLayer.decode(bytes, at: 0)
        case .radiotap: WirelessLayer.radiotap(bytes)
        case .nflog: NFLogLayer.decode(bytes)
        case _ where EnclosedLink.isEnclosed(in: linkType): EnclosedLink.decode(bytes, linkType)
        default: rare(bytes, linkType)
        }
    }

    private static func rare(_ bytes: RawSpan, _ linkType: LinkType) -> NetworkLayer {
        switch linkType {
        case .tokenRing: LocalNetworkLayer.tokenRing(bytes)
        case .fddi: LocalNetworkLayer.fddi(bytes)
        case .ipOverFibreChannel: LocalNetworkLayer.fibreChannel(bytes)
        case .ieee1394: LocalNetworkLayer.ieee1394(bytes)
        case .ipOverInfiniBand: LocalNetworkLayer.infiniBand(bytes)
        case .atmRFC1483: LocalNetworkLayer.atm(bytes, at: 0)
        case .sunATM: LocalNetworkLayer.sunATM(bytes)
        case .slip: SerialLayer.slip(bytes)
        case .ciscoHDLC: SerialLayer.ciscoHDLC(bytes, at: 0)
        case .ciscoHDLCWithDirection: SerialLayer.ciscoHDLC(bytes, at: 1)
        case .frameRelay: SerialLayer.frameRelay(bytes, at: 0)
        case .frameRelayWithDirection: SerialLayer.frameRelay(bytes, at: 1)
        case .pppPPPD, .pppWithDirection: PPPLayer.withDirection(bytes)
        case .pflog: FirewallLayer.packetFilter(bytes)
        case .enc: FirewallLayer.encapsulation(bytes)
        case .prism, .avs: WirelessLayer.monitored(bytes)
        default: .other(.otherLink)
        }
    }

    @inlinable
    @inline(__always)
    static func etherType(in bytes: RawSpan, at offset: Int) -> NetworkLayer {
        guard bytes.byteCount >= offset + 2 else { return .other(.cutShort) }
        let etherType = bytes.uint16(at: offset)
        return etherType == 0x0800 ? .ipv4(at: offset + 2) : network(bytes, etherType: etherType, at: offset + 2)
    }

    @usableFromInline
    static func network(_ bytes: RawSpan, etherType: UInt16, at offset: Int) -> NetworkLayer {
        var etherType = etherType
        var offset = offset
        var network = NetworkID.unnamed
        for _ in 0...deepestTagging {
            switch etherType {
            case 0x0800: return .ipv4(at: offset, in: network)
            case 0x86DD: return .ipv6(at: offset, in: network)
            case 0x0806: return .other(.arp)
            case 0x8100, 0x88A8, 0x9100, 0x9200:
                guard bytes.byteCount >= offset + 4 else { return .other(.cutShort) }
                network = .vlan(bytes.uint16(at: offset)).inside(network)
                etherType = bytes.uint16(at: offset + 2)
                offset += 4
            case 0x8847, 0x8848: return MPLSLayer.decode(bytes, at: offset).inside(network)
            case 0x8864: return PPPLayer.overEthernet(bytes, at: offset).inside(network)
            case ..<0x0600:  // a length, IEEE 802.3 §3.2.6; longer ones than 1,500 are not for us to refuse
                switch LLCLayer.decode(bytes, at: offset) {
                case .etherType(let inner, let start): (etherType, offset) = (inner, start)
                case .other(let kind): return .other(kind)
                }
            case 0x88E7, 0x8909, 0x8926, 0x893F:
                guard let tag = EthernetTag(bytes, etherType: etherType, at: offset) else { return .other(.cutShort) }
                network = tag.network.inside(network)
                (etherType, offset) = (tag.etherType, tag.end)
            default: return .other(.otherNetwork)
            }
        }
        return .other(.malformed)
    }

    @usableFromInline
    static func cooked(_ bytes: RawSpan, protocolAt offset: Int, headerLength: Int) -> NetworkLayer {
        guard bytes.byteCount >= headerLength else { return .other(.cutShort) }
        return network(bytes, etherType: bytes.uint16(at: offset), at: headerLength)
    }

    /// The address family is in the byte order of the machine that captured; its number for IPv6 is a matter of the system.
    @usableFromInline
    static func loopback(_ bytes: RawSpan) -> NetworkLayer {
        bytes.byteCount >= 4 ? family(bytes.uint32(at: 0), at: 4) : .other(.cutShort)
    }

    /// The packet at `offset`, which is of an address family in any byte order.
    static func family(_ family: UInt32, at offset: Int) -> NetworkLayer {
        switch min(family, family.byteSwapped) {
        case 2: .ipv4(at: offset)
        case 10, 24, 28, 30: .ipv6(at: offset)
        default: .other(.otherNetwork)
        }
    }

    @usableFromInline
    static func version(of bytes: RawSpan, at offset: Int) -> NetworkLayer {
        guard bytes.byteCount > offset else { return .other(.cutShort) }
        switch bytes.uint8(at: offset) >> 4 {
        case 4: return .ipv4(at: offset)
        case 6: return .ipv6(at: offset)
        default: return .other(.malformed)
        }
    }
}

/// Packets that a firewall or IPsec of the BSDs logged: a header, and then an IP packet.
enum FirewallLayer {
    /// The shortest header of the packet filter, in bytes: that of OpenBSD 3.4.
    private static let shortestLog = 45

    /// A length without padding, an address family, and what the packet filter did. LINKTYPE_PFLOG.
    static func packetFilter(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 2 else { return .other(.cutShort) }
        let length = Int(bytes.uint8(at: 0))
        guard length >= shortestLog else { return .other(.malformed) }
        return LinkLayer.family(UInt32(bytes.uint8(at: 1)), at: (length + 3) & ~3)
    }

    /// An address family, a security parameters index and flags. Encrypted ones are gone by the time. LINKTYPE_ENC.
    static func encapsulation(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        guard bytes.byteCount >= 12 else { return .other(.cutShort) }
        return LinkLayer.family(bytes.uint32(at: 0), at: 12)
    }
}

/// Packets that a Linux firewall rule logged: a header and fields, one of which is the packet. LINKTYPE_NFLOG.
enum NFLogLayer {
    private static let payloadType: UInt8 = 9

    static func decode(_ bytes: RawSpan) -> LinkLayer.NetworkLayer {
        var offset = 4
        while true {
            guard bytes.byteCount >= offset + 4 else { return .other(.cutShort) }
            // Lengths and types are in the byte order of the machine that captured. Types are small, so that the byte of
            // theirs that is zero tells which order it was.
            let (first, second) = (bytes.uint8(at: offset + 2), bytes.uint8(at: offset + 3))
            guard (first == 0) != (second == 0) else { return .other(.malformed) }
            let length = bytes.uint16(at: offset)
            let fieldLength = Int(second == 0 ? length.byteSwapped : length)
            guard fieldLength >= 4 else { return .other(.malformed) }
            if first | second == payloadType { return LinkLayer.version(of: bytes, at: offset + 4) }
            offset += (fieldLength + 3) & ~3
        }
    }
}
