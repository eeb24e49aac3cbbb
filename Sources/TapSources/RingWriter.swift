import Glibc
public import TapCore

/// When the next file of a ring begins, and how many there are at most.
public struct RingLimits: Sendable, Equatable {
    /// Bytes that a file has at most, but for one with a single packet.
    public var bytes: UInt64?
    /// How long a file lasts from its first packet, in nanoseconds.
    public var duration: Int64?
    public var files: Int?

    public init() {}
}

/// Keeps packets in a file, or in a ring of files: where one is full the next one begins, and the oldest go.
///
/// The files of a ring are named as dumpcap does it, `kept_00001_20261128120000.pcapng`, by their number and the time at which they
/// begin. Each is complete in itself.
public struct RingWriter: ~Copyable {
    private let path: String
    private let interfaces: [(name: String, linkType: LinkType)]
    private let snapshotLength: Int
    /// `nil` where there is one file only, with the name that was given.
    private let limits: RingLimits?
    /// How many seconds clocks are ahead of UTC at a time.
    private let offset: @Sendable (Timestamp) -> Int
    private var writer: CaptureWriter
    private var number: Int
    /// The files that there are, the oldest first, where there is an end to how many there may be.
    private var files: [String] = []
    /// Of the present file.
    private var packets: UInt64 = 0
    private var start = Timestamp(nanoseconds: 0)

    /// Creates the first file; as ``CaptureWriter`` does it.
    /// - Parameters:
    ///   - interfaces: those that each file names.
    ///   - now: when that is, for its name.
    ///   - offset: how many seconds the clocks of names are ahead of UTC at a time.
    public init(
        path: String, interfaces: [(name: String, linkType: LinkType)], snapshotLength: Int, limits: RingLimits?,
        at now: Timestamp,
        offset: @escaping @Sendable (Timestamp) -> Int
    ) throws(CaptureError) {
        self.path = path
        self.interfaces = interfaces
        self.snapshotLength = snapshotLength
        self.limits = limits
        self.offset = offset
        number = 1
        let first = limits == nil ? path : RingWriter.name(path, 1, now, ahead: offset(now))
        writer = try RingWriter.writer(first, interfaces, snapshotLength)
        note(first)
    }

    /// A file that is complete before it has a packet.
    private static func writer(
        _ path: String, _ interfaces: [(name: String, linkType: LinkType)], _ snapshotLength: Int
    ) throws(CaptureError) -> CaptureWriter {
        var writer = try CaptureWriter(path: path, snapshotLength: snapshotLength)
        for interface in interfaces { try writer.declare(interface.name, interface.linkType) }
        try writer.flush()
        return writer
    }

    /// Keeps the name of a file that is to go some time.
    private mutating func note(_ file: String) {
        if limits?.files != nil { files.append(file) }
    }

    /// Makes the present file another user's, who goes on with it.
    public func give(to user: UInt32, group: UInt32) { writer.give(to: user, group: group) }

    /// The folder that the files of a ring are made in; `nil` where there is one file only.
    public var folder: String? {
        guard limits != nil else { return nil }
        return path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// Adds a packet, to the next file where it is time for that.
    /// - Parameter interface: which one it is of, by its place among those that the files name.
    public mutating func write(_ header: PacketHeader, _ bytes: RawSpan, of interface: Int) throws(CaptureError) {
        if packets > 0, isFull(before: header, bytes) { try turn(at: header.timestamp) }
        if packets == 0 { start = header.timestamp }
        try writer.write(header, bytes, of: interfaces[interface].name)
        packets += 1
    }

    /// Adds a key log, with which the packets after it are read.
    package mutating func write(secrets: RawSpan) throws(CaptureError) { try writer.write(secrets: secrets) }

    /// Hands everything to the system.
    public mutating func flush() throws(CaptureError) { try writer.flush() }

    private func isFull(before header: PacketHeader, _ bytes: RawSpan) -> Bool {
        guard let limits else { return false }
        if let most = limits.bytes, writer.length + CaptureWriter.length(of: bytes) > most { return true }
        return limits.duration.map { header.timestamp.since(start) >= $0 } ?? false
    }

    private mutating func turn(at time: Timestamp) throws(CaptureError) {
        try writer.flush()
        number += 1
        let next = RingWriter.name(path, number, time, ahead: offset(time))
        writer = try RingWriter.writer(next, interfaces, snapshotLength)
        packets = 0
        note(next)
        guard let most = limits?.files, files.count > most else { return }
        // What somebody has taken away already is gone.
        unlink(files.removeFirst())
    }

    /// `kept_00001_20261128120000.pcapng`
    private static func name(_ path: String, _ number: Int, _ time: Timestamp, ahead seconds: Int) -> String {
        let civil = CivilTime(Timestamp(nanoseconds: time.nanoseconds + Int64(seconds) * 1_000_000_000))
        let clock = [civil.month, civil.day, civil.hour, civil.minute, civil.second].map { padded($0, 2) }.joined()
        let middle = "_\(padded(number, 5))_\(padded(civil.year, 4))\(clock)"
        let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[name...].lastIndex(of: "."), dot > name else { return path + middle }
        return path[..<dot] + middle + path[dot...]
    }

    private static func padded(_ number: some BinaryInteger, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
