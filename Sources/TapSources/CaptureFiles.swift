public import CPrefetch
public import TapCore

/// Several capture files as one capture: merged by time and numbered from 1 over all of them.
///
/// Each file keeps its own order, so a single file is passed through as it is; of equal times, the file that was named
/// first goes first. A file that cannot be opened, or not be read to its end, gives what it can, and the others go on.
public struct CaptureFiles: ~Copyable, PacketSource {
    /// Why files were left out or broke off, in the order in which it was noticed.
    public internal(set) var errors: [CaptureError] = []

    /// What is wrong with files whose packets could be read all the same, once no more come; each is told once a file.
    public internal(set) var warnings: [CaptureError] = []

    // Not an array, which cannot hold values that are not copied; only where `isOpen` is there a value.
    let files: UnsafeMutablePointer<CaptureFile>
    var isOpen: [Bool] = []
    package private(set) var paths: [String] = []
    private let bufferSize: Int
    private var order = MergeOrder()
    private var state = State.unread
    private var count: UInt64 = 0
    /// What was read of the capture before the files: so many packets, and so many files. Only before the first packet.
    package var former: (packets: UInt64, files: Int) = (0, 0) {
        didSet { tracksOrigins = tracksOrigins || takesBesides }
    }
    /// How many bytes were consumed of the files that are closed again.
    var closedPosition: UInt64 = 0
    /// Comments at the end of files that have ended, until they are given.
    var leftComments: [CaptureComment] = [] { didSet { noteNotes() } }
    /// What reads a single large file; `nil` where packets are read as they are asked for.
    var ahead: PacketsAhead?
    /// How much of a single large file is to be read ahead at a time, in bytes, until that has begun.
    var batchSize: Int?
    /// The packets that are there where nothing reads ahead: one, or of a single file those in its buffer.
    private var listed = PacketList(capacity: CaptureFiles.listLength)
    // The packets that are there, of which that at `place` is the current one, and the buffer that they lie in. It changes
    // only when all of them were taken.
    @usableFromInline var entries: UnsafePointer<PacketList.Entry>
    @usableFromInline var base: UnsafeRawPointer?
    @usableFromInline var place = 0
    @usableFromInline var ready = 0
    /// The number of the first of them.
    @usableFromInline var firstNumber: UInt64 = 0

    private enum State {
        case unread
        case at(file: Int)
        case ended
    }

    /// What is taken up of each file beside its packets; `nil` where nobody wants it.
    private(set) var besides: [CaptureBesides]?
    /// Whether they are shards of one run, so that their packets keep the numbers that these had in the capture.
    package private(set) var areShards = false
    /// Where packets stood before they came into shards; `nil` where files are no shards, or shards are made of them.
    package private(set) var places: PacketPlaces?
    /// What all shards that there are here have in common.
    package private(set) var labels: [CaptureLabel] = []
    /// Tells the packets of one file from those of another, and from such before a gap.
    package struct Origin: Equatable {
        /// The place of the file that is read among all.
        package let file: Int
        /// Of a shard, the number of the file that its packets are of.
        let fileOfShard: UInt32?
        /// How much higher the packet's number is than in its file.
        package let ahead: UInt64
    }

    /// That of the packet that `next()` moved to.
    package private(set) var origin = Origin(file: 0, fileOfShard: nil, ahead: 0)
    private var hasOrigin = false
    /// Whether somebody asks where packets are from.
    private var tracksOrigins = false
    private var takesBesides = false
    /// Which file that packet is of, where files are not read ahead.
    package private(set) var presentFile = 0

    /// Opens all files; `-` is standard input, a directory stands for the captures in it, whatever their names, and a
    /// pattern of the shell for the files that it matches.
    ///
    /// The files share 16 MiB for their read buffers, and each has at least 16 KiB and at most 256 KiB of its own.
    public init(paths: [String]) {
        self.init(paths: paths, batchSize: CaptureLimits.batch)
    }

    /// - Parameter batchSize: of what is read ahead at a time, in bytes; `nil` where nothing is to be read ahead.
    package init(paths: [String], batchSize: Int?) {
        self.init(paths: paths, batchSize: batchSize, takesBesides: false)
    }

    /// - Parameter takesBesides: whether names and checksums of the files are taken up while packets are read.
    package init(paths: [String], batchSize: Int?, takesBesides: Bool) {
        besides = takesBesides ? [] : nil
        listed.append(.ofNoPacket, at: 0..<0)
        entries = UnsafePointer(listed.entries)
        var errors: [CaptureError] = []
        let candidates = CaptureFiles.candidates(paths, &errors)
        self.errors = errors
        let share = CaptureLimits.mergeBuffers / max(candidates.count, 1)
        bufferSize = min(max(share, CaptureLimits.smallestBuffer), CaptureLimits.defaultBuffer)
        files = UnsafeMutablePointer.allocate(capacity: candidates.count)
        // Directories all of whose files are something else.
        var fruitless = Set(candidates.compactMap(\.directory))
        for (path, directory) in candidates {
            do throws(CaptureError) {
                let besides = takesBesides ? CaptureBesides() : nil
                let file = try CaptureFile(path: path, bufferSize: bufferSize, besides: besides)
                if let besides { self.besides?.append(besides) }
                note(file.shard?.section, isFirst: self.paths.isEmpty)
                size = size.flatMap { sum in file.size.map { sum &+ $0 } }
                (files + self.paths.count).initialize(to: file)
                self.paths.append(path)
                isOpen.append(true)
            } catch {
                if directory != nil, error.isOfOtherContent { continue }
                self.errors.append(error)
                continue
            }
            if let directory { fruitless.remove(directory) }
            if candidates.count > CaptureLimits.openFiles { postpone(self.paths.count - 1) }
        }
        self.errors += fruitless.sorted().map { CaptureFiles.withoutCaptures($0) }
        // A reader ahead counts packets from 1.
        self.batchSize = areShards ? nil : batchSize
        order.isByNumber = areShards
        self.takesBesides = takesBesides
        tracksOrigins = areShards || takesBesides && self.paths.count > 1
        if areShards, !takesBesides { places = PacketPlaces() }
    }

    /// Which shards they are, as long as they are of one run.
    package private(set) var shards: ShardSet?

    /// Whether it is one file, which holds what was open where another analysis ended.
    package var isCarried: Bool { isOpen == [true] && files[0].shard?.section.isCarried ?? false }

    /// Takes note of whether the next file is a shard, and of which run.
    private mutating func note(_ section: ShardSection?, isFirst: Bool) {
        if isFirst {
            labels = section?.labels ?? []
            shards = section.map { ShardSet(run: $0.run, numbers: [$0.shard], count: $0.count) }
        } else if let section, section.run == shards?.run, section.count == shards?.count {
            shards?.add(section.shard)
        } else {
            shards = nil
        }
        areShards = shards != nil
        labels = labels.filter { section?.labels.contains($0) ?? false }
    }

    /// All is to be read by whoever asks for it: threads that read ahead pass over what stands between packets.
    package mutating func readAsAsked() { batchSize = nil }

    /// All files to try, each with the directory that it was found in.
    static func candidates(
        _ paths: [String], _ errors: inout [CaptureError]
    ) -> [(path: String, directory: String?)] {
        var candidates: [(path: String, directory: String?)] = []
        for path in paths {
            do throws(SystemError) {
                guard let directory = try CaptureDirectory(path: path) else {
                    candidates += CapturePattern.paths(path).map { ($0, nil) }
                    continue
                }
                if directory.files.isEmpty { errors.append(withoutCaptures(path)) }
                candidates += directory.files.map { ($0, path) }
            } catch {
                errors.append(CaptureError(reading: path, CaptureFault(.system(error))))
            }
        }
        return candidates
    }

    private static func withoutCaptures(_ directory: String) -> CaptureError {
        CaptureError("\(directory): no capture file in this directory", path: directory)
    }

    /// Whether not one file could be opened.
    public var isEmpty: Bool { paths.isEmpty }

    /// Whether secrets may stand in one of them.
    package var mayHoldSecrets: Bool { isOpen.indices.contains { isOpen[$0] && files[$0].mayHoldSecrets } }

    deinit {
        for file in isOpen.indices where isOpen[file] { (files + file).deinitialize(count: 1) }
        files.deallocate()
        listed.deallocate()
    }

    /// How many bytes of all files are consumed. Of a single file, the packets that lie in its buffer are.
    public var position: UInt64 {
        isOpen.indices.reduce(closedPosition) { isOpen[$1] ? $0 &+ files[$1].position : $0 }
    }

    /// The length of all files in bytes; `nil` where one of them is a pipe or a terminal.
    public private(set) var size: UInt64? = 0

    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self) borrowing get {
            let entry = entries + place
            let bytes = UnsafeRawBufferPointer(
                start: base.map { $0 + Int(entry.pointee.start) }, count: Int(entry.pointee.count))
            return _overrideLifetime(bytes.bytes, borrowing: self)
        }
    }

    /// The comments that came with the packet that `next()` moved to, and on other things since the one before it in
    /// its file; after the last packet, those that stand at the end of any of the files.
    public internal(set) var comments: [CaptureComment] = [] { didSet { noteNotes() } }
    /// The process of the packet that `next()` moved to, if its file names one.
    public internal(set) var process: CapturedProcess? { didSet { noteNotes() } }
    /// The key logs that came with the packet that `next()` moved to; after the last packet, those at the end of any file.
    /// Files that can be read more than once have theirs in ``CaptureSecrets/all(in:)``.
    package private(set) var secrets: [CaptureSecrets] = [] { didSet { noteNotes() } }
    private var leftSecrets: [CaptureSecrets] = []
    /// Packets that are in other shards than those that are read, at which it was time to scan for idle connections, before the
    /// packet that `next()` moved to; after the last packet, those behind it.
    package private(set) var marks: [PacketHeader] = [] { didSet { noteNotes() } }
    private var leftMarks: [PacketHeader] = []
    private var lastNumber = PacketNumber(0)
    /// Whether there are anything beside the packet.
    public private(set) var isAnnotated = false
    /// The same, or comments are left: a look at this for each packet, rather than at all of them.
    private var mayChangeNotes = false

    private mutating func noteNotes() {
        isAnnotated = !comments.isEmpty || !secrets.isEmpty || !marks.isEmpty || process != nil
        mayChangeNotes = isAnnotated || !leftComments.isEmpty
    }

    @inlinable
    public mutating func next() -> PacketHeader? {
        place &+= 1
        guard place < ready else { return nextBeyondReady() }
        askForComing()
        return present
    }

    /// What the capture says of the current packet.
    @inlinable
    var present: PacketHeader {
        entries[place].header(PacketNumber(firstNumber &+ UInt64(truncatingIfNeeded: place)))
    }

    /// Asks for the memory of a packet that comes later: it is in the other thread's cache.
    @inlinable
    @inline(__always)
    func askForComing() {
        let place = place &+ CaptureFiles.lead
        guard place < ready, let base else { return }
        let bytes = base + Int(entries[place].start)
        prefetch_for_reading(bytes)
        prefetch_for_reading(bytes + 64)
    }

    /// How many packets come before it.
    @inlinable static var lead: Int { 8 }

    @usableFromInline
    mutating func nextBeyondReady() -> PacketHeader? {
        if let batchSize = batchSize.take() { ahead = readAhead(by: batchSize) }
        return if let ahead { next(from: ahead) } else { nextAsAsked() }
    }

    private mutating func nextAsAsked() -> PacketHeader? {
        switch state {
        case .unread:
            for file in isOpen.indices where isOpen[file] {
                if let header = nextHeader(of: file) { order.insert(MergeOrder.Entry(header: header, file: file)) }
            }
        case .at(let file) where paths.count == 1:
            // Nothing to merge.
            if takeReady(of: file) { return present }
            guard let header = nextHeader(of: file) else { return end() }
            return moveTo(file, header, as: header.number.rawValue)
        case .at(let file):
            order.replaceFirst(with: nextHeader(of: file))
        case .ended:
            return end()
        }
        while let first = order.first {
            guard isOpen[first.file] || reopen(first.file) else {
                order.replaceFirst(with: nil)
                continue
            }
            state = .at(file: first.file)
            count &+= 1
            return moveTo(first.file, first.header, as: areShards ? first.header.number.rawValue : count)
        }
        return end()
    }

    /// Moves to the first of the packets in a file's buffer; `false` if none can be taken without looking at what comes with
    /// it.
    private mutating func takeReady(of file: Int) -> Bool {
        guard !mayChangeNotes else { return false }
        listed.removeAll()
        (files + file).pointee.takeReady(into: &listed)
        guard listed.count > 0 else { return false }
        show(in: UnsafeRawPointer(files[file].input.storage.baseAddress))
        firstNumber &+= former.packets
        return true
    }

    /// How many packets are taken out of a buffer at a time: so few that the list stays in the nearest cache.
    private static let listLength = 128

    /// The packets that are listed are there now.
    private mutating func show(in buffer: UnsafeRawPointer?) {
        (entries, place, ready, base) = (UnsafePointer(listed.entries), 0, listed.count, buffer)
        firstNumber = listed.firstNumber.rawValue
    }

    /// Moves to a packet of a file; returns it as it is in the capture.
    /// - Parameter number: the packet's number among those of the files.
    private mutating func moveTo(_ file: Int, _ packet: PacketHeader, as number: UInt64) -> PacketHeader {
        presentFile = file
        var header = packet
        header.number = PacketNumber(number &+ former.packets)
        if tracksOrigins { noteOrigin(of: header, in: file, as: packet.number) }
        let bytes = CaptureFiles.bytes(of: files[file])
        listed.removeAll()
        listed.append(header, at: 0..<bytes.count)
        show(in: bytes.baseAddress)
        if mayChangeNotes || files[file].isAnnotated { takeNotes(of: file, as: header.number) }
        lastNumber = header.number
        return header
    }

    private mutating func noteOrigin(of header: PacketHeader, in file: Int, as number: PacketNumber) {
        let ahead = files[file].shard?.origin?.ahead ?? header.number.rawValue &- number.rawValue
        let origin = Origin(file: file, fileOfShard: files[file].shard?.origin?.file, ahead: ahead)
        guard origin != self.origin || !hasOrigin else { return }
        (self.origin, hasOrigin) = (origin, true)
        if let places, let place = place(of: header.number) { places.note(header.number, place) }
    }

    /// The length and the CRC-64 of a file; `nil` where it was not read to its end, or nobody wanted that.
    package func content(of file: Int) -> (length: UInt64, checksum: UInt64)? {
        guard let checksum = besides?[file].checksum else { return nil }
        return checksum.value.map { (checksum.length, $0) }
    }

    /// The names that stand in the files, as far as these were read; none where nobody wanted them.
    package var names: HostNames {
        var names = HostNames()
        for file in besides ?? [] { names.add(file.names.names) }
        return names
    }

    /// Which interface the packet was captured on that `next()` moved to.
    package var interface: ShardInterface {
        let file = isOpen[presentFile] ? files[presentFile].interface : 0
        return ShardInterface(file: presentFile + former.files, number: file, linkType: present.linkType)
    }

    /// What is said of that interface.
    package var interfaceDetails: PcapngInterface? { isOpen[presentFile] ? files[presentFile].interfaceDetails : nil }

    /// Where the packet stands that `next()` moved to: in its file, or where it was before it came into a shard.
    /// - Parameter number: its number in the capture.
    package func place(of number: PacketNumber) -> PacketPlace? {
        guard tracksOrigins, let shard = files[origin.file].shard else {
            return PacketPlace(file: paths[origin.file], number: number.rawValue &- origin.ahead)
        }
        return shard.place(of: number.rawValue)
    }

    private mutating func takeNotes(of file: Int, as number: PacketNumber) {
        (secrets, process) = (files[file].secrets, files[file].process)
        marks = files[file].marks.filter { $0.number > lastNumber }
        comments = leftComments + files[file].comments.map { $0.renumbered(number) }
        leftComments = []
    }

    mutating func end() -> PacketHeader? {
        state = .ended
        listed.removeAll()
        listed.append(.ofNoPacket, at: 0..<0)
        (entries, place, ready, base) = (UnsafePointer(listed.entries), 0, 0, nil)
        (comments, process) = (leftComments, nil)
        leftComments = []
        (secrets, leftSecrets) = (leftSecrets, [])
        (marks, leftMarks) = (leftMarks.filter { $0.number > lastNumber }, [])
        return nil
    }

    private static func bytes(of file: borrowing CaptureFile) -> UnsafeRawBufferPointer {
        file.bytes.withUnsafeBytes { $0 }
    }

    @inline(__always)
    private mutating func nextHeader(of file: Int) -> PacketHeader? {
        let place = files + file
        do {
            if let header = try place.pointee.next() { return header }
        } catch {
            errors.append(error)
        }
        close(file)
        return nil
    }

    private mutating func close(_ file: Int) {
        guard isOpen[file] else { return }
        leftComments += files[file].comments
        leftSecrets += files[file].secrets
        leftMarks += files[file].marks
        warnings += files[file].warnings
        closedPosition &+= files[file].position
        (files + file).deinitialize(count: 1)
        isOpen[file] = false
    }
}

/// Of many files, such as a folder of rotated ones, few are open at a time: each one until its first packet is known,
/// and again when its turn comes.
extension CaptureFiles {
    /// Closes a file that can be read anew, once its first packet is in the order.
    private mutating func postpone(_ file: Int) {
        guard files[file].size != nil else { return }
        do throws(CaptureError) {
            if let header = try (files + file).pointee.next() {
                order.insert(MergeOrder.Entry(header: header, file: file))
            } else {
                leftComments += files[file].comments
                leftMarks += files[file].marks
            }
        } catch {
            errors.append(error)
        }
        (files + file).deinitialize(count: 1)
        isOpen[file] = false
    }

    /// Opens a file again and moves to its first packet.
    private mutating func reopen(_ file: Int) -> Bool {
        do throws(CaptureError) {
            let besides = besides == nil ? nil : CaptureBesides()
            if let besides { self.besides?[file] = besides }
            (files + file).initialize(
                to: try CaptureFile(path: paths[file], bufferSize: bufferSize, besides: besides))
            isOpen[file] = true
            return try (files + file).pointee.next() != nil
        } catch {
            errors.append(error)
            return false
        }
    }
}

extension CaptureComment {
    /// The same with the number that its packet has in the merged capture.
    fileprivate func renumbered(_ number: PacketNumber) -> CaptureComment {
        guard case .packet(_, let time) = subject else { return self }
        return CaptureComment(.packet(number, time), text)
    }
}
