public import CPrefetch
public import TapCore

/// Packets that lie in one buffer, on their way from the thread that reads to those that analyze.
@usableFromInline
package final class PacketBatch {
    /// The buffer. It is larger than `usualSize` only where a record is.
    private(set) var storage: UnsafeMutableRawBufferPointer
    /// The packets. Not a property of its own, so that who fills the batch need not look for each packet whether anybody else
    /// does.
    let packets: UnsafeMutablePointer<PacketList>
    /// The packets for each of the threads that take them, where there are several.
    package private(set) var places: [[UInt32]]
    /// What is counted of the packets that were sorted.
    package private(set) var totals = PacketTotals()
    /// What comes with some of the packets.
    package private(set) var annotations: [Annotation] = []
    /// How many bytes of the file were consumed, up to the last of the packets.
    package internal(set) var position: UInt64 = 0
    /// What ended the file here.
    package internal(set) var end: CaptureFileEnd?
    private let usualSize: Int

    init(size: Int, takers: Int = 1) {
        usualSize = size
        places = Array(repeating: [], count: takers)
        storage = .allocate(byteCount: size, alignment: 64)
        packets = .allocate(capacity: 1)
        // Enough for packets of the usual lengths.
        packets.initialize(to: PacketList(capacity: max(size / 128, 16)))
    }

    deinit {
        storage.deallocate()
        packets.pointee.deallocate()
        packets.deallocate()
    }

    /// How many packets there are.
    package var count: Int { packets.pointee.count }

    var entries: UnsafeMutablePointer<PacketList.Entry> { packets.pointee.entries }

    var firstNumber: PacketNumber { packets.pointee.firstNumber }

    /// Whether the buffer is larger than usual.
    package var isLarge: Bool { storage.count > usualSize }

    /// The packets, to look at many of them. Only as long as the batch is not given back.
    package var view: View { View(packets.pointee, base: storage.baseAddress) }

    /// What comes with a packet.
    package struct Annotation {
        package let place: Int
        package let comments: [CaptureComment]
        package let process: CapturedProcess?
    }

    /// Where the packets lie.
    @usableFromInline
    package struct View {
        @usableFromInline let entries: UnsafeMutablePointer<PacketList.Entry>
        @usableFromInline let firstNumber: UInt64
        @usableFromInline let base: UnsafeMutableRawPointer?
        /// How many there are.
        package let count: Int

        init(_ packets: PacketList, base: UnsafeMutableRawPointer?) {
            entries = packets.entries
            firstNumber = packets.firstNumber.rawValue
            count = packets.count
            self.base = base
        }

        /// What the capture says of a packet.
        @inlinable
        @inline(__always)
        package func header(at place: Int) -> PacketHeader {
            entries[place].header(PacketNumber(firstNumber &+ UInt64(truncatingIfNeeded: place)))
        }

        /// How many bytes the capture holds of a packet.
        @inlinable
        @inline(__always)
        package func length(at place: Int) -> Int { Int(entries[place].count) }

        /// Calls `body` with the captured bytes of a packet.
        @inlinable
        @inline(__always)
        package func withBytes<Result>(at place: Int, _ body: (RawSpan) -> Result) -> Result {
            let start = base.map { $0 + Int(entries[place].start) }
            return body(UnsafeRawBufferPointer(start: start, count: length(at: place)).bytes)
        }

        /// Asks for the memory of a packet that comes later: it is in another thread's cache.
        @inlinable
        @inline(__always)
        package func askFor(_ place: Int) {
            guard let base else { return }
            let bytes = base + Int(entries[place].start)
            prefetch_for_reading(bytes)
            prefetch_for_reading(bytes + 64)
        }
    }

    /// Changes which packets are for which thread.
    func changePlaces(_ change: (inout [[UInt32]], inout PacketTotals) -> Void) {
        change(&places, &totals)
    }

    /// Keeps what comes with the last packet.
    func note(_ comments: [CaptureComment], _ process: CapturedProcess?) {
        annotations.append(Annotation(place: count - 1, comments: comments, process: process))
    }

    /// Forgets the packets, and memory beyond the usual.
    func clear() {
        packets.pointee.removeAll()
        totals = PacketTotals()
        for part in places.indices { places[part].removeAll(keepingCapacity: true) }
        annotations = []
        end = nil
        guard isLarge else { return }
        storage.deallocate()
        storage = .allocate(byteCount: usualSize, alignment: 64)
    }

    /// Forgets what is in it, and begins with what was read already of the file; answers where it lies.
    func begin(with rest: UnsafeRawBufferPointer) -> UnsafeMutableRawBufferPointer {
        clear()
        makeRoom(for: rest.count)
        storage.copyMemory(from: rest)
        return storage
    }

    /// Makes the buffer larger than `count` bytes, if it is not; what is in it is lost.
    func makeRoom(for count: Int) {
        if count >= storage.count { enlarge(to: count + 1, keeping: 0) }
    }

    /// Makes the buffer larger and keeps its first `count` bytes.
    func enlarge(to size: Int, keeping count: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
        storage.deallocate()
        storage = larger
    }
}
