public import TapCore

/// The packets of one pcap, pcapng or snoop file, in the file's order and numbered from 1.
///
/// It may be compressed with gzip, zstd, lz4, xz or bzip2, which its first bytes tell.
/// The file is read once from its start to its end, so pipes will do, and each packet is given as soon as it is there.
public struct CaptureFile: ~Copyable, PacketSource {
    /// Any format but pcap, of which there is a member of its own: to take it out of an enum costs time for each packet.
    private enum OtherFormat {
        case pcapng(PcapngFormat)
        case snoop(SnoopFormat)
    }

    /// The file as the user named it.
    public let path: String
    /// The file's length in bytes; `nil` where it is a pipe or a terminal.
    public let size: UInt64?

    @usableFromInline var input: InputBuffer
    // Neither is there once the file has ended.
    private var pcap: PcapFormat?
    private var other: OtherFormat?
    private var count: UInt64 = 0
    private var oddities = CaptureOddities()
    /// Of pcapng: how many blocks have an option that does not fit into them, and where the first of them begins.
    private var brokenOptions: (blocks: UInt64, first: UInt64) = (0, 0)
    /// Of pcapng: how many processes were too many.
    private var processesLeftOut: UInt64 = 0
    /// When the packet was captured that was read last.
    private var time = Timestamp(nanoseconds: .min)
    /// What the section says where it is one of a shard.
    private(set) var shard: PcapngShard?

    /// Opens the file at `path`, where `-` is standard input, and reads its header.
    ///
    /// Throws where there is no such file, or where it is not a capture.
    public init(path: String) throws(CaptureError) {
        try self.init(path: path, bufferSize: CaptureLimits.defaultBuffer)
    }

    /// `bufferSize` bytes are read at a time; a larger packet makes the buffer grow to its size, up to 16 MiB.
    package init(path: String, bufferSize: Int) throws(CaptureError) {
        try self.init(path: path, bufferSize: bufferSize, besides: nil)
    }

    /// - Parameter besides: what is to be taken up beside the packets.
    init(path: String, bufferSize: Int, besides: CaptureBesides?) throws(CaptureError) {
        var input = try CaptureFile.open(path, bufferSize)
        input.take(besides?.checksum)
        (pcap, other) = try CaptureFile.format(of: &input, path)
        if case .pcapng(var pcapng) = other {
            pcapng.names = besides?.names
            shard = pcapng.shard
            other = .pcapng(pcapng)
        }
        self.path = path
        size = input.size
        self.input = input
    }

    /// Whether its format has blocks for secrets.
    var mayHoldSecrets: Bool { if case .pcapng = other { true } else { false } }

    /// How many bytes of the file are consumed; of a compressed file, how many are decompressed.
    public var position: UInt64 { input.filePosition }

    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get { input.packet }
    }

    /// The comments that came with the packet that `next()` moved to, and on other things since the one before it.
    ///
    /// At most 64 of them; a file of another format than pcapng has none.
    public private(set) var comments: [CaptureComment] = []

    /// The key logs that stand in the file before the packet that `next()` moved to, and behind the one before it.
    package private(set) var secrets: [CaptureSecrets] = []
    /// Packets of other shards at which it was time to scan for idle connections, before the packet that `next()` moved to.
    package private(set) var marks: [PacketHeader] = []
    /// Whether there are comments, secrets or a process: a look at this for each packet, rather than at all.
    private(set) var isAnnotated = false

    /// Which of its interfaces the packet is of that `next()` moved to: another number, another interface.
    private(set) var interface: UInt64 = 0

    /// What a pcapng file says of that interface.
    var interfaceDetails: PcapngInterface? {
        if case .pcapng(let pcapng) = other { pcapng.details } else { nil }
    }

    /// The process of the packet that `next()` moved to, if a pcapng file of Apple's tcpdump names one.
    public private(set) var process: CapturedProcess?

    @inline(__always)
    public mutating func next() throws(CaptureError) -> PacketHeader? {
        do {
            guard var header = try read(as: PacketNumber(count &+ 1)) else { return nil }
            note(&header)
            if let number = shard?.number { header.number = PacketNumber(number) }
            return header
        } catch {
            (pcap, other) = (nil, nil)
            (comments, secrets, marks, process, isAnnotated) = ([], [], [], nil, false)
            throw CaptureError(reading: path, error, isDecompressed: input.isDecompressed)
        }
    }

    /// Moves past the packets that lie whole in what was read already, as far as a list has room for them, and puts them
    /// there. Of other formats than pcap, and where only ``next()`` can tell what follows, there are none.
    @inline(__always)
    mutating func takeReady(into packets: inout PacketList) {
        guard let pcap else { return }
        while packets.hasRoom, var header = pcap.nextReady(from: &input, as: PacketNumber(count &+ 1)) {
            note(&header)
            packets.append(header, at: input.packetPlace)
        }
    }

    /// Takes note of a packet; what is odd about it is set right.
    @inline(__always)
    private mutating func note(_ header: inout PacketHeader) {
        count &+= 1
        let captured = input.packetPlace.count
        if header.originalLength < captured {
            header.originalLength = captured
            oddities.noteOverlong(header.number)
        }
        if header.timestamp < time { noteStepBack(header) }
        time = header.timestamp
    }

    /// Simple packets of pcapng have no time, and then it is zero.
    @inline(never)
    private mutating func noteStepBack(_ packet: PacketHeader) {
        guard packet.timestamp.nanoseconds != 0 else { return }
        oddities.noteStepBack(packet.number, by: time.since(packet.timestamp))
    }

    /// What is wrong with the file as far as it was read, though its packets could be read all the same.
    package var warnings: [CaptureError] {
        let name = path == "-" ? "standard input" : path
        let sentences = oddities.sentences(brokenOptions: brokenOptions, processesLeftOut: processesLeftOut)
        return sentences.map { CaptureError("\(name): \($0)", path: path) }
    }

    @inline(__always)
    private mutating func read(as number: PacketNumber) throws(CaptureFault) -> PacketHeader? {
        if let pcap { return try pcap.next(from: &input, as: number) }
        return try readBlocks(as: number)
    }

    @inline(never)
    private mutating func readBlocks(as number: PacketNumber) throws(CaptureFault) -> PacketHeader? {
        if case .snoop(let snoop) = other { return try snoop.next(from: &input, as: number) }
        guard case .pcapng(var pcapng) = other else { return nil }
        // With the copy in `other` gone, a new interface is added without copying all others.
        other = nil
        let header = try pcapng.next(from: &input, as: number)
        comments = pcapng.takeComments()
        secrets = pcapng.takeSecrets()
        brokenOptions = pcapng.brokenOptions
        if pcapng.process != nil || process != nil { process = header == nil ? nil : pcapng.process }
        interface = UInt64(truncatingIfNeeded: pcapng.interface.section) << 32 | UInt64(pcapng.interface.kind)
        isAnnotated = !comments.isEmpty || !secrets.isEmpty || process != nil
        if pcapng.shard != nil || shard != nil { noteShard(pcapng.shard) }
        processesLeftOut = pcapng.processesLeftOut
        other = .pcapng(pcapng)
        return header
    }

    private mutating func noteShard(_ shard: PcapngShard?) {
        self.shard = shard
        marks = shard?.takeMarks() ?? []
        isAnnotated = isAnnotated || !marks.isEmpty
    }

    private static func open(_ path: String, _ bufferSize: Int) throws(CaptureError) -> InputBuffer {
        do { return try InputBuffer(path: path, capacity: bufferSize) } catch {
            throw CaptureError(reading: path, error)
        }
    }

    private static func format(of input: inout InputBuffer, _ path: String) throws(CaptureError) -> (
        PcapFormat?, OtherFormat?
    ) {
        do {
            try input.decompressIfNeeded()
            if let pcap = try PcapFormat(from: &input) { return (pcap, nil) }
            if let pcapng = try PcapngFormat(from: &input) { return (nil, .pcapng(pcapng)) }
            if let snoop = try SnoopFormat(from: &input) { return (nil, .snoop(snoop)) }
        } catch {
            throw CaptureError(reading: path, error, isDecompressed: input.isDecompressed)
        }
        if input.count == 0 { throw CaptureError(reading: path, CaptureFault(.empty)) }
        let magic = input.count < 4 ? 0 : input.unread.uint32(at: 0)
        let program = CompressionFormat.otherProgram(magic: magic)
        throw CaptureError(reading: path, CaptureFault(program.map { .compressed(by: $0) } ?? .unknownFormat))
    }
}
