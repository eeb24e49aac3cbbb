/// What is counted of packets whatever they hold.
package struct PacketTotals: Sendable {
    package private(set) var count: UInt64 = 0
    /// Captured bytes, with the headers.
    package private(set) var bytes: UInt64 = 0
    /// The earliest time and the latest; of no packets, an empty range turned around.
    package private(set) var earliest = Timestamp(nanoseconds: .max)
    package private(set) var latest = Timestamp(nanoseconds: .min)
    package private(set) var cuts = CutPackets()

    package init() {}

    /// Adds what was counted of others.
    package mutating func add(_ other: PacketTotals) {
        count += other.count
        bytes += other.bytes
        earliest = min(earliest, other.earliest)
        latest = max(latest, other.latest)
        cuts.add(other.cuts)
    }

    @inline(__always)
    package mutating func note(_ packet: borrowing PacketHeader, capturedLength: Int) {
        count &+= 1
        bytes &+= UInt64(truncatingIfNeeded: capturedLength)
        if packet.timestamp > latest { latest = packet.timestamp }
        if packet.timestamp < earliest { earliest = packet.timestamp }
        if capturedLength < packet.originalLength { cuts.note(capturedLength) }
    }
}
