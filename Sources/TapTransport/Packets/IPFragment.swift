import TapCore

/// A part of an IP packet that was cut into several. RFC 791 §3.2, RFC 8200 §4.5.
@usableFromInline
package struct IPFragment: Equatable, Sendable {
    /// What the fragments of one packet have in common.
    package struct Identity: Hashable, Sendable {
        package let network: NetworkID
        package let source: IPAddress
        package let destination: IPAddress
        package let identification: UInt32
        /// The protocol of IPv4; of IPv6 zero, since there it does not tell packets apart.
        package let protocolNumber: UInt8
    }

    package let identity: Identity
    /// What the packet begins with. Of IPv6 only what the first fragment says counts.
    package let protocolNumber: UInt8
    /// How many IP headers lie before that of the fragment, in the same packet or in the ones that it was put together from.
    package let depth: UInt8
    package let isLast: Bool
    /// Where in the payload of the whole packet it belongs, in bytes; a multiple of eight.
    package let offset: UInt16
    /// Where the captured part of it lies in the packet that brought it.
    package let payload: Range<Int>
    /// Its length on the wire in bytes; the capture may hold fewer.
    package let payloadLength: Int

    /// The fragment that is the payload of `ip`, where it could be a part of a packet.
    static func content(
        _ bytes: RawSpan, _ ip: IPPayload, identification: UInt32, offset: UInt16, isLast: Bool, isIPv6: Bool,
        depth: Int
    ) -> PacketContent {
        let length = ip.end - ip.offset
        guard length > 0, isLast || length % 8 == 0, Int(offset) + length <= Int(UInt16.max) else {
            return .other(.malformed)
        }
        guard bytes.byteCount >= ip.offset else { return .other(.cutShort) }
        return .fragment(
            IPFragment(
                identity: Identity(
                    network: ip.network, source: ip.source, destination: ip.destination, identification: identification,
                    protocolNumber: isIPv6 ? 0 : ip.protocolNumber),
                protocolNumber: ip.protocolNumber, depth: UInt8(clamping: depth), isLast: isLast, offset: offset,
                payload: ip.offset..<min(ip.end, bytes.byteCount), payloadLength: length))
    }
}
