/// The unread bytes of a file, in one buffer that is used over and over.
///
/// It is filled by moving what is unread to the front and reading what is there and fits. It grows only for a record
/// that is larger, and no faster than the file really gives bytes, whatever the record says of its length.
@usableFromInline
package struct InputBuffer: ~Copyable {
    private let file: FileDescriptor
    @usableFromInline var storage: UnsafeMutableRawBufferPointer
    /// Else it is that of `readAhead`.
    private var ownsStorage = true
    private var readAhead: ReadAhead?
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

    deinit { if ownsStorage { storage.deallocate() } }

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
        if let readAhead {
            if wanted <= ReadAhead.room { return try takePieces(of: readAhead, wanted) }
            stopReadingAhead(readAhead)
        }
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
        storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[start..<end]))
        forget(movingTo: 0)
    }

    /// What was consumed is gone, and what is unread stands at a new place.
    private mutating func forget(movingTo place: Int) {
        origin &+= UInt64(start) &- UInt64(place)
        end += place - start
        start = place
        packetStart = 0
        packetEnd = 0
    }

    private mutating func grow(towards wanted: Int) {
        move(to: storage.count + min(storage.count, wanted - storage.count))
    }

    /// Moves the bytes to memory of its own.
    private mutating func move(to capacity: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 64)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<end]))
        use(larger, asOwn: true)
    }

    private mutating func use(_ memory: UnsafeMutableRawBufferPointer, asOwn isOwn: Bool) {
        if ownsStorage { storage.deallocate() }
        storage = memory
        ownsStorage = isOwn
    }

    private func readOnce() throws(CaptureFault) -> Int {
        let room = UnsafeMutableRawBufferPointer(rebasing: storage[end...])
        if let decompression { return try decompression.read(from: file, into: room) }
        do { return try file.read(into: room) } catch { throw CaptureFault(.system(error)) }
    }
}

/// Large files are read on a thread of their own.
extension InputBuffer {
    /// From here on a large file is read on a thread of its own, unless it turned out to be compressed.
    package mutating func readAheadIfLarge() {
        guard decompression == nil, let size, size >= ReadAhead.leastSize else { return }
        readAhead = ReadAhead(file, length: storage.count)
    }

    private mutating func takePieces(of readAhead: ReadAhead, _ wanted: Int) throws(CaptureFault) -> Bool {
        while count < wanted {
            let rest = UnsafeRawBufferPointer(rebasing: storage[start..<end])
            let piece: (buffer: UnsafeMutableRawBufferPointer, length: Int)?
            do { piece = try readAhead.take(behind: rest) } catch { throw CaptureFault(.system(error)) }
            guard let piece else { return false }
            use(piece.buffer, asOwn: false)
            forget(movingTo: ReadAhead.room - rest.count)
            end += piece.length
        }
        return true
    }

    /// A record is longer than what there is room for in front of a piece: from here on memory grows with the records.
    private mutating func stopReadingAhead(_ readAhead: ReadAhead) {
        let pieces = readAhead.finish()
        move(to: max(end + pieces.reduce(0) { $0 + $1.count }, storage.count))
        for piece in pieces {
            UnsafeMutableRawBufferPointer(rebasing: storage[end...]).copyMemory(from: piece)
            end += piece.count
        }
        self.readAhead = nil
    }
}
