/// The unread bytes of a file, in one buffer that is used over and over.
///
/// It is filled by moving what is unread to the front and reading what is there and fits. It grows only for a record
/// that is larger, and no faster than the file really gives bytes, whatever the record says of its length.
@usableFromInline
package struct InputBuffer: ~Copyable {
    private let file: FileDescriptor
    @usableFromInline var storage: [UInt8]
    private var start = 0
    private var end = 0
    @usableFromInline var packetStart = 0
    @usableFromInline var packetEnd = 0
    /// How many bytes went through `storage` before those in it now.
    private var origin: UInt64 = 0
    /// What the file's bytes go through on their way into `storage`; `nil` where it is not compressed.
    private var decompression: Decompression?

    /// Opens the file at `path`, where `-` is standard input, and reads nothing yet.
    package init(path: String, capacity: Int) throws(CaptureFault) {
        do { file = try FileDescriptor(reading: path) } catch { throw CaptureFault(.system(error)) }
        storage = [UInt8](repeating: 0, count: max(capacity, 1))
    }

    /// The file's length in bytes; `nil` where it is a pipe or a terminal.
    package var size: UInt64? { file.size }

    /// How many bytes are consumed, of the file or of what it decompresses to.
    package var position: UInt64 { origin &+ UInt64(start) }

    /// How many bytes of the file itself are consumed.
    package var filePosition: UInt64 { decompression?.position ?? position }

    package var isDecompressed: Bool { decompression != nil }

    /// How many unread bytes are in the buffer.
    package var count: Int { end &- start }

    /// How many bytes the buffer has room for.
    package var capacity: Int { storage.count }

    /// The unread bytes in the buffer.
    package var unread: RawSpan {
        @_lifetime(borrow self) @inline(__always) borrowing get { storage.span.bytes.extracting(start..<end) }
    }

    /// The packet in what was consumed last.
    @inlinable
    package var packet: RawSpan {
        @_lifetime(borrow self) @inline(__always) borrowing get {
            storage.span.bytes.extracting(packetStart..<packetEnd)
        }
    }

    /// Where the file turns out to be compressed, all bytes from here on are what it decompresses to.
    package mutating func decompressIfNeeded() throws(CaptureFault) {
        while try fill(4), CompressionFormat.isSkippable(magic: unread.uint32(at: 0)), try fill(8) {
            guard try skip(8 + Int(unread.uint32(at: 4, .little))) else { return }
        }
        guard try fill(4), let format = CompressionFormat(magic: unread.uint32(at: 0)) else { return }
        decompression = try Decompression(format, begin: unread, at: position, capacity: storage.count)
        (start, end, origin) = (0, 0, 0)
    }

    /// Reads on until `wanted` unread bytes are there; `false` where the file ends before that.
    package mutating func fill(_ wanted: Int) throws(CaptureFault) -> Bool {
        if count >= wanted { return true }
        return try refill(wanted)
    }

    /// Consumes a record of `length` unread bytes that holds a packet.
    package mutating func consume(_ length: Int, packetAt offset: Int = 0, packetLength: Int = 0) {
        packetStart = start &+ offset
        packetEnd = packetStart &+ packetLength
        start = min(start &+ length, end)
    }

    /// Consumes `length` bytes without keeping them; `false` where the file ends before that.
    package mutating func skip(_ length: Int) throws(CaptureFault) -> Bool {
        var rest = length
        while rest > count {
            rest &-= count
            consume(count)
            guard try fill(1) else { return false }
        }
        consume(rest)
        return true
    }

    private mutating func refill(_ wanted: Int) throws(CaptureFault) -> Bool {
        moveToFront()
        while end < wanted {
            if end == storage.count { grow(towards: wanted) }
            let read = try readOnce()
            guard read > 0 else { return false }
            end += read
        }
        return true
    }

    private mutating func moveToFront() {
        storage.withUnsafeMutableBytes { bytes in
            bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        }
        origin &+= UInt64(start)
        end -= start
        start = 0
        packetStart = 0
        packetEnd = 0
    }

    private mutating func grow(towards wanted: Int) {
        storage.append(contentsOf: repeatElement(0, count: min(storage.count, wanted - storage.count)))
    }

    private mutating func readOnce() throws(CaptureFault) -> Int {
        if let decompression { return try decompression.read(from: file, into: &storage, behind: end) }
        do { return try file.read(into: &storage, from: end) } catch { throw CaptureFault(.system(error)) }
    }
}
