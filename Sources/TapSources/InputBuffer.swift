/// The unread bytes of a file, in one buffer that is used over and over.
///
/// It is filled by moving what is unread to the front and reading what is there and fits. It grows only for a record
/// that is larger, and no faster than the file really gives bytes, whatever the record says of its length.
@usableFromInline
package struct InputBuffer: ~Copyable {
    private let file: FileDescriptor
    /// What takes up all of the file's own bytes; `nil` where nobody wants that.
    private var checksum: FileChecksum?
    @usableFromInline var storage: UnsafeMutableRawBufferPointer
    /// Where `storage` comes from; `nil` where it is the buffer's own.
    private var rotation: (any StorageRotation)?
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
        storage = .allocate(byteCount: max(capacity, 1), alignment: 64)
    }

    deinit { if rotation == nil { storage.deallocate() } }

    /// The file's length in bytes; `nil` where it is a pipe or a terminal.
    package var size: UInt64? { file.size }

    /// Has all that is read from here on taken up.
    mutating func take(_ checksum: FileChecksum?) { self.checksum = checksum }

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
        @_lifetime(borrow self) @inline(__always) borrowing get {
            _overrideLifetime(
                RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: storage[start..<end])), borrowing: self)
        }
    }

    /// The packet in what was consumed last.
    @inlinable
    package var packet: RawSpan {
        @_lifetime(borrow self) @inline(__always) borrowing get {
            _overrideLifetime(
                RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: storage[packetStart..<packetEnd])),
                borrowing: self)
        }
    }

    /// Where the packet that was consumed last lies in the memory that it was read into.
    package var packetPlace: Range<Int> { packetStart..<packetEnd }

    /// From here on, each piece is read into memory of `rotation`, beginning with `first`, which must have room for what is unread.
    mutating func rotate(through rotation: any StorageRotation, from first: UnsafeMutableRawBufferPointer) {
        first.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[start..<end]))
        storage.deallocate()
        storage = first
        self.rotation = rotation
        forget()
    }

    /// Where the file turns out to be compressed, all bytes from here on are what it decompresses to.
    package mutating func decompressIfNeeded() throws(CaptureFault) {
        while try fill(4), CompressionFormat.isSkippable(magic: unread.uint32(at: 0)), try fill(8) {
            guard try skip(8 + Int(unread.uint32(at: 4, .little))) else { return }
        }
        guard try fill(4), let format = CompressionFormat(magic: unread.uint32(at: 0)) else { return }
        decompression = try Decompression(format, begin: unread, at: position, capacity: storage.count, checksum)
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
        guard moveToFront() else { return false }
        while end < wanted {
            if end == storage.count { grow(towards: wanted) }
            let read = try readOnce()
            guard read > 0 else { return false }
            end += read
        }
        return true
    }

    /// Makes room behind what is unread; `false` where nobody wants more.
    private mutating func moveToFront() -> Bool {
        let rest = UnsafeRawBufferPointer(rebasing: storage[start..<end])
        if let rotation {
            guard let next = rotation.turn(at: filePosition, keeping: rest) else { return false }
            storage = next
        } else {
            storage.copyMemory(from: rest)
        }
        forget()
        return true
    }

    /// What was consumed is gone, and what is unread stands at the front.
    private mutating func forget() {
        origin &+= UInt64(start)
        end -= start
        start = 0
        packetStart = 0
        packetEnd = 0
    }

    private mutating func grow(towards wanted: Int) {
        let capacity = storage.count + min(storage.count, wanted - storage.count)
        if let rotation {
            storage = rotation.enlarge(to: capacity, keeping: end)
            return
        }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<end]))
        storage.deallocate()
        storage = larger
    }

    private func readOnce() throws(CaptureFault) -> Int {
        let room = UnsafeMutableRawBufferPointer(rebasing: storage[end...])
        if let decompression { return try decompression.read(from: file, into: room) }
        do { return try file.read(into: room, checksum) } catch { throw CaptureFault(.system(error)) }
    }
}
