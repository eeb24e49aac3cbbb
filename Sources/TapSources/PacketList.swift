public import TapCore

/// Packets that lie in one buffer, each with its place there.
@usableFromInline
struct PacketList {
    /// A packet, and where its bytes lie in the buffer. Small, since it goes from one processor's cache to another's.
    @usableFromInline
    struct Entry {
        @usableFromInline let timestamp: Timestamp
        @usableFromInline let start: UInt32
        @usableFromInline let count: UInt32
        @usableFromInline let originalLength: UInt32
        @usableFromInline let linkType: LinkType

        @inline(__always)
        init(_ header: PacketHeader, _ place: Range<Int>) {
            timestamp = header.timestamp
            originalLength = UInt32(clamping: header.originalLength)
            linkType = header.linkType
            start = UInt32(truncatingIfNeeded: place.lowerBound)
            count = UInt32(truncatingIfNeeded: place.count)
        }

        /// What the capture says of the packet.
        @inlinable
        @inline(__always)
        func header(_ number: PacketNumber) -> PacketHeader {
            PacketHeader(
                number: number, timestamp: timestamp, linkType: linkType, originalLength: Int(originalLength))
        }

    }

    /// The number of the first packet; the others follow it without a gap.
    private(set) var firstNumber = PacketNumber(0)
    private(set) var entries: UnsafeMutablePointer<Entry>
    private(set) var count = 0
    private var capacity: Int

    /// Has to be deallocated.
    init(capacity: Int) {
        self.capacity = capacity
        entries = .allocate(capacity: capacity)
    }

    func deallocate() { entries.deallocate() }

    /// Whether another packet fits without more memory.
    @inline(__always) var hasRoom: Bool { count < capacity }

    @inline(__always)
    mutating func append(_ header: PacketHeader, at place: Range<Int>) {
        if count == capacity { grow() }
        if count == 0 { firstNumber = header.number }
        (entries + count).initialize(to: Entry(header, place))
        count &+= 1
    }

    mutating func removeAll() { count = 0 }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        entries = larger
        capacity *= 2
    }
}

extension PacketHeader {
    /// That of no packet.
    static var ofNoPacket: PacketHeader {
        PacketHeader(
            number: PacketNumber(0), timestamp: Timestamp(nanoseconds: 0), linkType: .null, originalLength: 0)
    }
}
