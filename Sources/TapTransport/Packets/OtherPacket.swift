/// Packets that hold no TCP segment, by kind. The raw value is the name in the summary.
public enum OtherPacket: String, CaseIterable, Sendable {
    case arp
    case udp
    case icmp
    case sctp
    /// IPv4 or IPv6 with another protocol inside.
    case otherIP = "other-ip"
    /// A part of an IP packet that was cut into several, except for the part that made it whole.
    case fragment = "ip-fragment"
    /// Ethernet and its like with something that is neither IP nor ARP inside.
    case otherNetwork = "other-network-layer"
    /// A link type that is not read.
    case otherLink = "other-link-type"
    /// Headers that contradict themselves.
    case malformed
    /// The capture cut the packet before the end of its headers.
    case cutShort = "cut-short"
}
