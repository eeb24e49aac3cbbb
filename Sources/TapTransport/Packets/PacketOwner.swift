import TapCore

/// Whose a packet is, where connections are dealt among threads or shards.
package enum PacketOwner {
    /// A connection's, by ``FlowKey/spread``.
    case connection(UInt64)
    /// Only who puts fragments together can tell.
    case fragment(IPFragment)
    /// No connection's of TCP.
    case nobody

    package init(of content: PacketContent) {
        self =
            switch content {
            case .tcp(let segment): .connection(segment.key.spread)
            case .fragment(let fragment): .fragment(fragment)
            case .quic, .other: .nobody
            }
    }

    /// The part of the connections that needs the packet; `nil` if every part does. What is no connection's is for the first.
    package var part: Int? {
        switch self {
        case .connection(let spread): FlowKey.part(spread)
        case .fragment: nil
        case .nobody: 0
        }
    }
}
