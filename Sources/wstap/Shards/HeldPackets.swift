import TapAnalysis
import TapCore
import TapSources
import TapTransport

/// What stands beside a packet on its way into a shard.
struct PacketNotes {
    var comments: [CaptureComment] = []
    var process: CapturedProcess?
    var secrets: [CaptureSecrets] = []
    /// Packets before it, of shards that are not read, at which it was time to scan for idle connections.
    var marks: [PacketHeader] = []
    /// Whether it is time for that at the packet itself.
    var isTimeToScan = false
    let interface: ShardInterface
    let details: PcapngInterface?
    /// The number of its file, and how much higher its own number is than in that.
    let origin: (file: UInt32, ahead: UInt64)

    /// About how many bytes it takes.
    var cost: Int {
        comments.reduce(0) { $0 + $1.text.count } + secrets.reduce(0) { $0 + $1.bytes.count }
            + marks.count * MemoryLayout<PacketHeader>.size
    }
}

/// Packets that wait until it is known to which shard the first of them belongs, in their order.
struct HeldPackets {
    struct Packet {
        let header: PacketHeader
        let bytes: [UInt8]
        let notes: PacketNotes
        var place: ShardSorter.Place
    }

    /// Bytes that may wait, with what is kept of each packet.
    private static let limit = 8 << 20
    private static let overhead = 256
    /// Packet time for which one waits, in nanoseconds: as long as the analysis waits for fragments.
    private static let patience: Int64 = 30_000_000_000

    private var packets: [Packet] = []
    private var taken = 0
    /// How many were removed before those that are there.
    private var removed = 0
    private var size = 0
    /// Which of all wait for each packet that came in fragments.
    private var waiting: [IPFragment.Identity: [Int]] = [:]

    var isEmpty: Bool { taken == packets.count }

    private static func cost(of packet: Packet) -> Int { packet.bytes.count + packet.notes.cost + overhead }

    mutating func append(_ packet: Packet) {
        if case .waiting(let identity) = packet.place { waiting[identity, default: []].append(removed + packets.count) }
        size += HeldPackets.cost(of: packet)
        packets.append(packet)
    }

    /// It is known where the fragments of a packet go, or for which packet they are fragments of a fragment.
    mutating func settle(_ identity: IPFragment.Identity, _ place: ShardSorter.Place) {
        guard let numbers = waiting.removeValue(forKey: identity) else { return }
        for number in numbers { packets[number - removed].place = place }
        if case .waiting(let other) = place { waiting[other, default: []] += numbers }
    }

    /// The packet in fragments that the first of them waits for.
    var awaited: IPFragment.Identity? {
        guard taken < packets.count, case .waiting(let identity) = packets[taken].place else { return nil }
        return identity
    }

    /// The same, where it has waited for too long, or too much waits behind it.
    /// - Parameter time: when the latest packet was captured.
    func overdue(at time: Timestamp) -> IPFragment.Identity? {
        guard let awaited else { return nil }
        let isLate = time.since(packets[taken].header.timestamp).magnitude > HeldPackets.patience.magnitude
        return isLate || size > HeldPackets.limit ? awaited : nil
    }

    /// Takes the first of them, if it is known where it goes.
    mutating func takeFirst() -> (packet: Packet, shard: Int)? {
        guard taken < packets.count, case .shard(let shard) = packets[taken].place else { return nil }
        let packet = packets[taken]
        size -= HeldPackets.cost(of: packet)
        taken += 1
        if taken == packets.count || taken >= 1_024 && taken * 2 >= packets.count {
            packets.removeFirst(taken)
            removed += taken
            taken = 0
        }
        return (packet, shard)
    }
}
