import TapTransport

/// How many packets hold no TCP segment, by kind. There is one to count for every datagram of a capture.
public struct OtherPackets: Sendable, Codable {
    private var counts = InlineArray<10, UInt64>(repeating: 0)

    public init() {}

    public init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        for place in counts.indices { counts[place] = try container.decode(UInt64.self) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        for place in counts.indices { try container.encode(counts[place]) }
    }

    public subscript(kind: OtherPacket) -> UInt64 {
        get { counts[kind.place] }
        set { counts[kind.place] = newValue }
    }

    mutating func add(_ other: OtherPackets) {
        for place in counts.indices { counts[place] += other.counts[place] }
    }
}

extension OtherPacket {
    fileprivate var place: Int {
        switch self {
        case .arp: 0
        case .udp: 1
        case .icmp: 2
        case .sctp: 3
        case .otherIP: 4
        case .fragment: 5
        case .otherNetwork: 6
        case .otherLink: 7
        case .malformed: 8
        case .cutShort: 9
        }
    }
}
