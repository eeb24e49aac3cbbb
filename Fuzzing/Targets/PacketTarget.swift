import TapCore
import TapTransport

/// Packets: what is found lies in them, cutting one shows no other segment, and what is held of fragments stays in its limits.
///
/// The input is a list of packets, each with a link type, a kind, two lengths and its bytes.
enum PacketTarget {
    /// Those that are known, and one that is not.
    static let linkTypes: [LinkType] = [
        .null, .ethernet, .raw, .loop, .linuxCooked, .ipv4, .ipv6, .linuxCooked2, .ppp, .pppHDLC, .pppoe, .rawDLT,
        .rawOpenBSD, .ieee80211, .radiotap, .nflog, LinkType(rawValue: 9_999),
        .tokenRing, .slip, .fddi, .atmRFC1483, .ciscoHDLC, .frameRelay, .enc, .pflog, .prism, .ipOverFibreChannel,
        .sunATM, .ieee1394, .user2, .avs, .pppPPPD, .juniperEthernet, .juniperCiscoHDLC, .juniperPPP, .ppi, .erf,
        .pppWithDirection, .ciscoHDLCWithDirection, .frameRelayWithDirection, .ipOverInfiniBand, .pktap, .upperPDU,
    ]

    private static var limits: FragmentLimits {
        var limits = FragmentLimits()
        limits.packets = 8
        limits.heldBytes = 8_192
        return limits
    }

    static func run(_ bytes: [UInt8]) {
        var input = FuzzInput(bytes)
        var fragments = FragmentTable(limits: limits)
        var header = PacketHeader(
            number: PacketNumber(0), timestamp: Timestamp(nanoseconds: 0), linkType: .raw, originalLength: 0)
        while !input.isEmpty {
            header.number.rawValue += 1
            header.linkType = linkTypes[Int(input.byte()) % linkTypes.count]
            let kind = input.byte()
            let packet = input.take(input.number())
            header.originalLength = originalLength(kind, packet.count)
            // A second, or the clock is set back.
            let step: Int64 = kind & 0x10 != 0 ? 1_000_000_000 : kind & 0x20 != 0 ? -40_000_000_000 : 1
            header.timestamp.nanoseconds += step
            let content = PacketDecoder.decode(packet.span.bytes, header)
            check(content, packet.count)
            let cut = Array(packet.prefix(input.number() % (packet.count + 1)))
            check(PacketDecoder.decode(cut.span.bytes, header), ofCut: content)
            receive(content, packet, header, &fragments)
            Property.hold(fragments.heldBytes <= limits.heldBytes, "held bytes of fragments stay in their limit")
            Property.hold(fragments.heldBytes >= 0 && fragments.count <= 2 * limits.packets, "so do their packets")
        }
    }

    private static func originalLength(_ kind: UInt8, _ count: Int) -> Int {
        switch kind & 3 {
        case 0: count
        case 1: count + Int(kind >> 2)
        case 2: 0
        case _: Int(UInt32.max)
        }
    }

    private static func check(_ content: PacketContent, _ count: Int) {
        switch content {
        case .tcp(let segment):
            check(segment.payload, segment.payloadLength, in: count, most: segment.isHeaderless ? 1 << 24 : 0xFFFF)
        case .fragment(let fragment): check(fragment.payload, fragment.payloadLength, in: count)
        case .quic, .other: break
        }
    }

    private static func check(_ payload: Range<Int>, _ length: Int, in count: Int, most: Int = 0xFFFF) {
        Property.hold(payload.lowerBound >= 0 && payload.upperBound <= count, "\(payload) lies in \(count) bytes")
        Property.hold(length >= payload.count && length <= most, "a length of \(length) holds \(payload)")
    }

    /// A shorter snapshot length hides a segment, or a part of its payload, and shows no other.
    private static func check(_ cut: PacketContent, ofCut whole: PacketContent) {
        guard case .tcp(let segment) = cut else { return }
        guard case .tcp(let other) = whole else { fatalError("broken: a cut packet is no TCP when it is whole") }
        Property.hold(
            segment.source == other.source && segment.destination == other.destination
                && segment.sequenceNumber == other.sequenceNumber && segment.flags == other.flags
                && segment.acknowledgmentNumber == other.acknowledgmentNumber
                && segment.payloadLength == other.payloadLength && segment.payload.count <= other.payload.count,
            "a cut packet holds the same segment: \(segment) and \(other)")
    }

    private static func receive(
        _ content: PacketContent, _ packet: [UInt8], _ header: PacketHeader, _ fragments: inout FragmentTable
    ) {
        guard case .fragment(let fragment) = content else { return }
        let captured = packet.span.bytes.extracting(fragment.payload)
        guard let whole = fragments.receive(fragment, captured, in: header) else { return }
        Property.hold(whole.bytes.count <= whole.length && whole.length <= 0xFFFF, "a whole packet has its length")
        check(whole.content, whole.bytes.count)
        receive(whole.content, whole.bytes, header, &fragments)
    }
}
