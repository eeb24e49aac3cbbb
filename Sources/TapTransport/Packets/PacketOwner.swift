import TapCore

/// Whose a packet is, where connections are dealt among threads or shards.
package enum PacketOwner {
    /// A connection's, by ``FlowKey/spread``.
    case connection(UInt64)
    /// Only who puts fragments together can tell.
    case fragment(IPFragment)
    /// A connection's of QUIC, by the spread of its endpoints as they are now.
    case quic(UInt64)
    /// Another datagram of UDP.
    case datagram
    /// Nobody's who follows connections.
    case nobody

    package init(of content: PacketContent) {
        self =
            switch content {
            case .tcp(let segment): .connection(segment.key.spread)
            case .fragment(let fragment): .fragment(fragment)
            case .quic(let key): .quic(key.spread)
            case .other(.udp): .datagram
            case .other: .nobody
            }
    }

    /// The part of the connections that needs the packet; `nil` if every part does. What is no connection's is for the first.
    /// - Parameter mayReadQUIC: whether there may be keys for QUIC: then all get each datagram, since a client may migrate, and
    ///   only who reads its connection knows the IDs that it may have then.
    package func part(mayReadQUIC: Bool) -> Int? {
        switch self {
        case .connection(let spread): FlowKey.part(spread)
        case .fragment: nil
        case .quic(let spread): mayReadQUIC ? nil : FlowKey.part(spread)
        case .datagram: mayReadQUIC ? nil : 0
        case .nobody: 0
        }
    }
}
