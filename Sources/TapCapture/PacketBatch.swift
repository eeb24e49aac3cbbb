import TapBytes

/// Packets that lie in one buffer, on their way from the thread that reads to the one that analyzes.
@usableFromInline
final class PacketBatch {
    /// A packet, and where its bytes lie in the buffer.
    @usableFromInline
    struct Entry {
        @usableFromInline let header: PacketHeader
        @usableFromInline let start: UInt32
        @usableFromInline let count: UInt32

        @inline(__always)
        init(_ header: PacketHeader, _ place: Range<Int>) {
            self.header = header
            start = UInt32(truncatingIfNeeded: place.lowerBound)
            count = UInt32(truncatingIfNeeded: place.count)
        }

        /// No packet.
        static var none: Entry {
            Entry(
                PacketHeader(
                    number: PacketNumber(0), timestamp: Timestamp(nanoseconds: 0), linkType: .null, originalLength: 0),
                0..<0)
        }
    }

    /// The buffer. It is larger than `usualSize` only where a record is.
    private(set) var storage: UnsafeMutableRawBufferPointer
    private(set) var entries: UnsafeMutablePointer<Entry>
    private(set) var count = 0
    private var capacity: Int
    /// The comments that come with some of the packets.
    private(set) var comments: [(place: Int, texts: [CaptureComment])] = []
    /// How many bytes of the file were consumed, up to the last of the packets.
    var position: UInt64 = 0
    /// What ended the file here, and the comments behind its last packet.
    var end: (error: CaptureError?, comments: [CaptureComment])?
    private let usualSize: Int

    init(size: Int) {
        usualSize = size
        // Enough for packets of the usual lengths.
        capacity = max(size / 128, 16)
        storage = .allocate(byteCount: size, alignment: 64)
        entries = .allocate(capacity: capacity)
    }

    deinit {
        storage.deallocate()
        entries.deallocate()
    }

    @inline(__always)
    func append(_ entry: Entry) {
        if count == capacity { grow() }
        (entries + count).initialize(to: entry)
        count += 1
    }

    /// Keeps the comments that come with the last packet.
    func note(_ texts: [CaptureComment]) { comments.append((count - 1, texts)) }

    private func grow() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        entries = larger
        capacity *= 2
    }

    /// Forgets the packets, and memory beyond the usual.
    func clear() {
        count = 0
        comments = []
        end = nil
        guard storage.count > usualSize else { return }
        storage.deallocate()
        storage = .allocate(byteCount: usualSize, alignment: 64)
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
