import TapCore
import TapTestSupport
import TapTransport

/// What a fragment table makes of packets.
struct Assembly: ~Copyable {
    var table: FragmentTable
    /// What came out: each segment's payload, its length on the wire, and other kinds by name.
    private(set) var payloads: [[UInt8]] = []
    private(set) var lengths: [Int] = []
    private(set) var others: [OtherPacket] = []
    private(set) var conflicts: [ConflictingFragments] = []
    /// Packets so far.
    private var number: UInt64 = 0

    init(_ limits: FragmentLimits = FragmentLimits()) { table = FragmentTable(limits: limits) }

    init(_ packets: [CapturedPacket], _ limits: FragmentLimits = FragmentLimits()) {
        self.init(limits)
        for packet in packets { receive(packet) }
    }

    mutating func receive(_ packet: CapturedPacket, at time: Int64 = 0) {
        number += 1
        take(packet.content, packet.bytes, at: time)
    }

    private mutating func take(_ content: PacketContent, _ bytes: [UInt8], at time: Int64) {
        switch content {
        case .tcp(let segment):
            payloads.append(Array(bytes[segment.payload]))
            lengths.append(segment.payloadLength)
        case .fragment(let fragment):
            let header = PacketHeader(
                number: PacketNumber(number), timestamp: Timestamp(nanoseconds: time), linkType: .raw,
                originalLength: bytes.count)
            let captured = bytes.span.bytes.extracting(fragment.payload)
            guard let whole = table.receive(fragment, captured, in: header) else { return }
            if let conflict = whole.conflict { conflicts.append(conflict) }
            take(whole.content, whole.bytes, at: time)
        case .quic: others.append(.udp)
        case .other(let kind): others.append(kind)
        }
    }
}
