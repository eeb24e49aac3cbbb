import Glibc
package import TapCore

/// Writes the packets of one shard to a pcapng file, with what stands beside them. They keep their numbers, and it is said which
/// files they are of.
package final class ShardWriter {
    private let path: String
    private var file: FileDescriptor?
    private let section: ShardSection
    /// What was not written yet: the first `end` bytes.
    private let storage: UnsafeMutableRawBufferPointer
    private var end = 0
    /// What is written by and by; nearly always nothing.
    private var blocks: [UInt8] = []
    /// How many bytes the file has.
    package private(set) var length: UInt64 = 0
    /// How many it may have; of more, nothing is written.
    private let limit: UInt64
    package var isFull: Bool { length > limit }
    package private(set) var totals = PacketTotals()

    // What the section has already.
    private var indices: [ShardInterface: UInt32] = [:]
    private var alike: [Interface: UInt32] = [:]
    private var latest: (interface: ShardInterface, index: UInt32)?
    private var files: Set<UInt32> = []
    private var origin: (file: UInt32, ahead: UInt64)?
    private var processes: [CapturedProcess] = []
    /// The secrets that are in the file.
    private var secrets: Set<[UInt8]> = []
    /// The latest mark, where those before the first packet are of no interest but for when the last of them was.
    private var pendingMark: PacketHeader?

    private struct Interface: Hashable {
        let linkType: LinkType
        let details: PcapngInterface?
    }

    /// - Parameters:
    ///   - descriptor: of the file, which is closed with it.
    ///   - path: what errors name it.
    ///   - bufferSize: bytes that are written at a time.
    ///   - limit: see ``isFull``.
    package init(
        adopting descriptor: Int32, named path: String, _ section: ShardSection, bufferSize: Int,
        limit: UInt64
    ) throws(CaptureError) {
        self.path = path
        self.limit = limit
        self.section = section
        storage = .allocate(byteCount: bufferSize, alignment: 64)
        file = FileDescriptor(adopting: descriptor)
        PcapngBlocks.appendSectionHeader(application: "wstap", shard: section, to: &blocks)
        try writeBlocks()
    }

    deinit { storage.deallocate() }

    // MARK: Packets

    /// The number of an interface in the file; `nil` where it has none yet.
    @inline(__always)
    package func index(of interface: ShardInterface) -> UInt32? {
        if let latest, latest.interface == interface { return latest.index }
        guard let index = indices[interface] else { return nil }
        latest = (interface, index)
        return index
    }

    /// Adds an interface.
    package func add(_ interface: ShardInterface, _ details: PcapngInterface?) throws(CaptureError) -> UInt32 {
        let kind = Interface(linkType: interface.linkType, details: details)
        let known = alike[kind]
        let index = if let known { known } else { try describe(kind) }
        (indices[interface], alike[kind], latest) = (index, index, (interface, index))
        return index
    }

    private var interfaceCount: UInt32 = 0

    private func describe(_ kind: Interface, comments: [[UInt8]] = []) throws(CaptureError) -> UInt32 {
        guard let linkType = UInt16(exactly: kind.linkType.rawValue) else {
            throw CaptureError("\(path): pcapng has no room for link type \(kind.linkType.rawValue)", path: path)
        }
        PcapngBlocks.appendInterface(linkType, like: kind.details, comments: comments, to: &blocks)
        try writeBlocks()
        interfaceCount += 1
        return interfaceCount - 1
    }

    /// Says which file the next packets are of, where it is another than before.
    /// - Parameters:
    ///   - file: a number for it, the same in all shards.
    ///   - ahead: how much higher the numbers are than in the file.
    ///   - name: asked once for each file.
    package func move(
        to file: UInt32, ahead: UInt64, name: @autoclosure () -> String
    ) throws(CaptureError) {
        if let origin, origin == (file, ahead) { return }
        try writePendingMark()
        origin = (file, ahead)
        if files.insert(file).inserted { PcapngBlocks.appendFile(name(), as: file, to: &blocks) }
        PcapngBlocks.appendOrigin(file: file, ahead: ahead, to: &blocks)
        try writeBlocks()
    }

    /// Adds a packet with nothing beside it.
    /// - Parameter interface: its number in the file.
    @inline(__always)
    package func write(_ header: PacketHeader, _ bytes: RawSpan, interface: UInt32) throws(CaptureError) {
        let padded = (bytes.byteCount &+ 3) & ~3
        let length = padded &+ ShardWriter.packetOverhead
        guard length <= storage.count &- end else { return try writeLarge(header, bytes, interface: interface) }
        store(header, bytes, padded, length, interface)
        totals.note(header, capturedLength: bytes.byteCount)
    }

    /// The length of a packet's block without its bytes.
    private static let packetOverhead = 48

    /// The block of a packet, for which there is room. draft-ietf-opsawg-pcapng §4.3.
    @inline(__always)
    private func store(_ header: PacketHeader, _ bytes: RawSpan, _ padded: Int, _ length: Int, _ interface: UInt32) {
        guard let base = storage.baseAddress else { return }
        let start = base + end
        let ticks = UInt64(clamping: header.timestamp.nanoseconds)
        let count = UInt32(truncatingIfNeeded: bytes.byteCount)
        let size = UInt64(truncatingIfNeeded: length)
        start.storeBytes(of: (6 | size << 32).littleEndian, as: UInt64.self)
        start.storeBytes(of: (UInt64(interface) | ticks & ~0 << 32).littleEndian, toByteOffset: 8, as: UInt64.self)
        start.storeBytes(
            of: (ticks & 0xFFFF_FFFF | UInt64(count) << 32).littleEndian, toByteOffset: 16, as: UInt64.self)
        start.storeBytes(
            of: UInt32(clamping: max(bytes.byteCount, header.originalLength)).littleEndian, toByteOffset: 24,
            as: UInt32.self)
        // The padding, where there is some, is in the last word.
        if padded > 0 { start.storeBytes(of: 0, toByteOffset: 24 + padded, as: UInt32.self) }
        bytes.withUnsafeBytes { source in
            if let from = source.baseAddress { (start + 28).copyMemory(from: from, byteCount: source.count) }
        }
        let rest = start + 28 + padded
        rest.storeBytes(of: (UInt32(PcapngOptions.packetIdentifier) | 8 << 16).littleEndian, as: UInt32.self)
        rest.storeBytes(of: header.number.rawValue.littleEndian, toByteOffset: 4, as: UInt64.self)
        rest.storeBytes(of: (size << 32).littleEndian, toByteOffset: 12, as: UInt64.self)
        end &+= length
    }

    @inline(never)
    private func writeLarge(_ header: PacketHeader, _ bytes: RawSpan, interface: UInt32) throws(CaptureError) {
        try flush()
        guard bytes.byteCount &+ 4 + ShardWriter.packetOverhead > storage.count else {
            return try write(header, bytes, interface: interface)
        }
        try write(header, bytes, interface: interface, comments: [], process: nil)
    }

    /// Adds a packet with what stands beside it.
    package func write(
        _ header: PacketHeader, _ bytes: RawSpan, interface: UInt32, comments: [[UInt8]], process: CapturedProcess?
    ) throws(CaptureError) {
        let number = process.map { self.number(of: $0) }
        PcapngBlocks.appendNumberedPacket(
            header, bytes.upTo(CaptureLimits.recordLength), interface: interface, comments: comments, process: number,
            to: &blocks)
        try writeBlocks()
        totals.note(header, capturedLength: bytes.byteCount)
    }

    private func number(of process: CapturedProcess) -> UInt32 {
        if let index = processes.firstIndex(of: process) { return UInt32(index) }
        processes.append(process)
        PcapngBlocks.appendProcess(process, to: &blocks)
        return UInt32(processes.count - 1)
    }

    // MARK: Beside packets

    /// Says that a packet of another shard is where it is time to scan for idle connections.
    package func mark(_ packet: PacketHeader) throws(CaptureError) {
        guard !section.isCarried || totals.count > 0 else {
            pendingMark = packet
            return
        }
        PcapngBlocks.appendMark(packet, to: &blocks)
        try writeBlocks()
    }

    private func writePendingMark() throws(CaptureError) {
        guard let mark = pendingMark.take() else { return }
        PcapngBlocks.appendMark(mark, to: &blocks)
        try writeBlocks()
    }

    /// Adds a key log, unless it is there already.
    /// - Parameter digest: that of the secrets.
    package func write(secrets: CaptureSecrets, _ digest: [UInt8]) throws(CaptureError) {
        guard self.secrets.insert(digest).inserted else { return }
        PcapngBlocks.appendSecrets(secrets.bytes.span.bytes, to: &blocks)
        try writeBlocks()
    }

    /// Adds a comment that is on no packet, as it stood in its file.
    package func write(_ comment: CaptureComment) throws(CaptureError) {
        switch comment.subject {
        case .section:
            PcapngBlocks.appendSectionHeader(
                application: "wstap", comments: [comment.text], shard: section, to: &blocks)
            (indices, alike, latest, interfaceCount) = ([:], [:], nil, 0)
            (files, origin, processes) = ([], nil, [])
        case .interface: _ = try describe(Interface(linkType: .ethernet, details: nil), comments: [comment.text])
        case .statistics:
            if interfaceCount == 0 { _ = try describe(Interface(linkType: .ethernet, details: nil)) }
            PcapngBlocks.appendStatistics(comments: [comment.text], to: &blocks)
        case .packet: break
        }
        try writeBlocks()
    }

    package func write(_ names: HostNames) throws(CaptureError) {
        for (address, texts) in names.all {
            PcapngBlocks.appendNames(texts, of: address, to: &blocks)
            try writeBlocks()
        }
    }

    // MARK: The file

    private func writeBlocks() throws(CaptureError) {
        defer { blocks.removeAll(keepingCapacity: blocks.capacity <= storage.count) }
        if blocks.count > storage.count - end { try flush() }
        guard blocks.count <= storage.count, let base = storage.baseAddress else {
            return try write(blocks.span.bytes)
        }
        blocks.withUnsafeBytes {
            (base + end).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(base), byteCount: $0.count)
        }
        end += blocks.count
    }

    private func flush() throws(CaptureError) {
        let count = end
        end = 0
        try write(UnsafeRawBufferPointer(rebasing: storage[..<count]).bytes)
    }

    private func write(_ bytes: RawSpan) throws(CaptureError) {
        length += UInt64(bytes.byteCount)
        guard !isFull else { return }
        do { try file?.write(bytes) } catch { throw CaptureWriter.error(path, error) }
    }

    /// Writes the rest and closes the file.
    package func finish() throws(CaptureError) {
        try writePendingMark()
        // Others take a file without an interface for a broken one.
        if interfaceCount == 0 { _ = try describe(Interface(linkType: .ethernet, details: nil)) }
        try flush()
        do { try file.take()?.close() } catch { throw CaptureWriter.error(path, error) }
    }
}
