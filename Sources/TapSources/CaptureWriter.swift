import Glibc
public import TapCore

/// Writes packets of any link types to a pcapng file, with nanoseconds.
///
/// What is written last is in the file only after `flush()` or `finish()`.
public struct CaptureWriter: ~Copyable {
    private static let flushedFrom = 64 << 10

    private let path: String
    /// The interface of packets for which no other is named.
    private let interface: String?
    private let snapshotLength: UInt32
    private let file: FileDescriptor
    private var buffer: [UInt8] = []
    /// Bytes that were handed to the system.
    private var handedOver: UInt64 = 0
    private var interfaces: [Interface: UInt32] = [:]
    /// That of the packet before: names are not looked up for each.
    private var latest: (interface: Interface, index: UInt32)?
    private var failure: CaptureError?

    private struct Interface: Hashable {
        let name: String?
        let linkType: LinkType
    }

    /// Creates or empties the file at `path`, which then only its owner may read; `-` is standard output. A symbolic link
    /// is not followed.
    ///
    /// `interface` is the name that the packets' interface has in the file, `snapshotLength` the most bytes that were
    /// captured of a packet.
    public init(path: String, interface: String? = nil, snapshotLength: Int = 262_144) throws(CaptureError) {
        self.path = path
        self.interface = interface
        self.snapshotLength = UInt32(clamping: snapshotLength)
        do { file = try FileDescriptor(writing: path) } catch { throw CaptureWriter.error(path, error) }
        PcapngBlocks.appendSectionHeader(application: "wstap", to: &buffer)
    }

    /// Writes to a file that somebody else has opened, and named so in errors.
    package init(to descriptor: Int32, named path: String) throws(CaptureError) {
        self.path = path
        interface = nil
        snapshotLength = 262_144
        do { file = try FileDescriptor(copying: descriptor) } catch { throw CaptureWriter.error(path, error) }
        PcapngBlocks.appendSectionHeader(application: "wstap", to: &buffer)
    }

    /// Makes the file another user's, who goes on writing it.
    public func give(to user: UInt32, group: UInt32) { file.give(to: user, group: group) }

    /// Says that there is an interface, though there may be no packet of it.
    package mutating func declare(_ name: String, _ linkType: LinkType) throws(CaptureError) {
        _ = try index(of: Interface(name: name, linkType: linkType))
    }

    /// Adds a packet, with comments in UTF-8. Throws where the file cannot hold it, or holds no more at all, as on a full disk.
    /// - Parameter name: its interface, where the file has several.
    public mutating func write(
        _ header: PacketHeader, _ bytes: RawSpan, of name: String? = nil, comments: [[UInt8]] = []
    ) throws(CaptureError) {
        if let failure { throw failure }
        let index = try index(of: Interface(name: name ?? interface, linkType: header.linkType))
        PcapngBlocks.appendPacket(
            header, bytes.upTo(CaptureLimits.recordLength), interface: index, comments: comments, to: &buffer)
        if buffer.count >= CaptureWriter.flushedFrom { try flush() }
    }

    /// Bytes so far.
    var length: UInt64 { handedOver + UInt64(buffer.count) }

    /// Bytes that a packet adds, without comments.
    static func length(of bytes: RawSpan) -> UInt64 {
        // 32 around the data, which is padded to four.
        UInt64(32 + (bytes.byteCount + 3) / 4 * 4)
    }

    /// Adds a key log, with which the packets after it are read.
    package mutating func write(secrets: RawSpan) throws(CaptureError) {
        if let failure { throw failure }
        PcapngBlocks.appendSecrets(secrets, to: &buffer)
    }

    /// Hands everything to the system. Where that fails, the file may end in the middle of a block, and nothing more
    /// can be written to it.
    public mutating func flush() throws(CaptureError) {
        if let failure { throw failure }
        do {
            try file.write(buffer.span.bytes)
        } catch {
            let error = CaptureWriter.error(path, error)
            failure = error
            throw error
        }
        handedOver += UInt64(buffer.count)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes the rest and closes the file.
    public consuming func finish() throws(CaptureError) {
        try flush()
        let path = path
        do { try file.close() } catch { throw CaptureWriter.error(path, error) }
    }

    private mutating func index(of interface: Interface) throws(CaptureError) -> UInt32 {
        if let latest, latest.interface == interface { return latest.index }
        if let index = interfaces[interface] {
            latest = (interface, index)
            return index
        }
        let linkType = interface.linkType.rawValue
        guard let number = UInt16(exactly: linkType) else {
            throw CaptureError("\(path): pcapng has no room for link type \(linkType)", path: path)
        }
        let index = UInt32(interfaces.count)
        PcapngBlocks.appendInterface(number, snapshotLength: snapshotLength, name: interface.name, to: &buffer)
        interfaces[interface] = index
        latest = (interface, index)
        return index
    }

    static func error(_ path: String, _ error: SystemError) -> CaptureError {
        let reason =
            switch error.code {
            case ENOENT: "no such directory"
            case ELOOP: "it is a symbolic link; name the file that it points to"
            default: error.description
            }
        return CaptureError(
            "\(path == "-" ? "standard output" : path): cannot be written: \(reason)", path: path,
            isReaderGone: error.code == EPIPE)
    }
}
