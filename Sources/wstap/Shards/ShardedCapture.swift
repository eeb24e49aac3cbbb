import TapAnalysis
import TapCore
import TapReports
import TapSources
import TapTransport

/// Reads captures once and deals their packets to shards.
struct ShardedCapture: ~Copyable {
    private let writers: [ShardWriter]
    private var sorter: ShardSorter
    /// Whether the files cannot be searched for keys before they are read.
    private let takesSecrets: Bool
    private var held = HeldPackets()
    private var last: PacketHeader?
    /// Marks that stand behind the packets of files which others follow.
    private var leftMarks: [PacketHeader] = []
    /// IP packets of fragments that did not become whole in time.
    private var uncertain: UInt64 = 0
    private var inputs: [Input] = []

    // The files that packets are of, each with a number, and which one it is now.
    private var files: [String: UInt32] = [:]
    private var names: [String] = []
    private var present: (origin: CaptureFiles.Origin, place: (file: UInt32, ahead: UInt64))?

    /// What is counted of a file that is read.
    fileprivate struct Input {
        var totals = PacketTotals()
        var numbers: ClosedRange<UInt64>?
    }

    /// - Parameter options: of the analysis, which has the keys for QUIC.
    init(_ dealing: ShardSorter.Dealing, to writers: [ShardWriter], _ options: AnalysisOptions) {
        self.writers = writers
        takesSecrets = options.tls.secretsMayCome
        sorter = ShardSorter(dealing, options)
    }

    /// Reads all files to their ends.
    /// - Parameters:
    ///   - first: the packet that they have moved to.
    ///   - last: the number of the last packet that is of interest.
    mutating func read(
        _ files: inout CaptureFiles, from first: PacketHeader?, upTo last: PacketNumber
    ) throws(CaptureError) {
        inputs = Array(repeating: Input(), count: files.paths.count)
        var progress = Progress(size: files.size)
        var next = first
        while let packet = next, packet.number <= last {
            if progress.isDue() { progress.advance(to: files.position) }
            try receive(packet, files)
            next = files.next()
        }
        progress.clear()
    }

    /// Other files follow those that were read.
    mutating func pass(_ files: borrowing CaptureFiles) throws(CaptureError) {
        let names = files.names
        try write(files.secrets)
        for writer in writers { try writer.write(names) }
        leftMarks += files.marks
        present = nil
    }

    @inline(__always)
    private mutating func receive(_ packet: PacketHeader, _ files: borrowing CaptureFiles) throws(CaptureError) {
        last = packet
        if takesSecrets { receive(files.secrets) }
        inputs[files.presentFile].note(packet, files.bytes)
        if present?.origin != files.origin { moveOrigin(files, packet) }
        let isTimeToScan = sorter.isTimeToScan(at: packet)
        let place = sorter.place(of: files.bytes, packet)
        guard case .shard(let shard) = place, !isTimeToScan, !files.isAnnotated, held.isEmpty, !sorter.hasSettled,
            leftMarks.isEmpty
        else {
            return try receive(packet, files, place, isTimeToScan)
        }
        let writer = writers[shard]
        let origin = present?.place ?? (file: 0, ahead: 0)
        try writer.move(to: origin.file, ahead: origin.ahead, name: names[Int(origin.file)])
        let interface = files.interface
        let known = writer.index(of: interface)
        let index = if let known { known } else { try writer.add(interface, files.interfaceDetails) }
        try writer.write(packet, files.bytes, interface: index)
    }

    private mutating func receive(_ secrets: [CaptureSecrets]) {
        for secrets in secrets {
            var bytes = secrets.bytes
            sorter.receive(TLSSecrets(wiping: &bytes, from: .capture))
        }
    }

    /// The packets that come now are of another file.
    private mutating func moveOrigin(_ files: borrowing CaptureFiles, _ packet: PacketHeader) {
        let place = files.place(of: packet.number) ?? PacketPlace(file: "", number: packet.number.rawValue)
        let number = self.files[place.file] ?? UInt32(names.count)
        if number == names.count {
            self.files[place.file] = number
            names.append(place.file)
        }
        present = (files.origin, (number, packet.number.rawValue &- place.number))
    }

    /// A packet with something beside it, or one that may have to wait.
    @inline(never)
    private mutating func receive(
        _ packet: PacketHeader, _ files: borrowing CaptureFiles, _ place: ShardSorter.Place, _ isTimeToScan: Bool
    ) throws(CaptureError) {
        let marks = leftMarks + files.marks
        leftMarks = []
        for mark in marks { _ = sorter.isTimeToScan(at: mark) }
        let notes = PacketNotes(
            comments: files.comments, process: files.process, secrets: files.secrets, marks: marks,
            isTimeToScan: isTimeToScan, interface: files.interface, details: files.interfaceDetails,
            origin: present?.place ?? (0, 0))
        if held.isEmpty, case .shard(let shard) = place, !sorter.hasSettled {
            return try write(packet, files.bytes, notes, to: shard)
        }
        held.append(
            HeldPackets.Packet(header: packet, bytes: [UInt8](files.bytes), notes: notes, place: place))
        for settled in sorter.takeSettled() { held.settle(settled.of, settled.place) }
        try writeHeld()
        while let identity = held.overdue(at: packet.timestamp) { try giveUp(identity) }
    }

    private mutating func writeHeld() throws(CaptureError) {
        while let (packet, shard) = held.takeFirst() {
            try write(packet.header, packet.bytes.span.bytes, packet.notes, to: shard)
        }
    }

    private mutating func giveUp(_ identity: IPFragment.Identity) throws(CaptureError) {
        uncertain += 1
        held.settle(identity, .shard(sorter.giveUp(identity)))
        try writeHeld()
    }

    /// Any shard may need them.
    private func write(_ secrets: [CaptureSecrets]) throws(CaptureError) {
        for secrets in secrets {
            let digest = secrets.digest
            for writer in writers { try writer.write(secrets: secrets, digest) }
        }
    }

    private func write(
        _ packet: PacketHeader, _ bytes: RawSpan, _ notes: PacketNotes, to shard: Int
    ) throws(CaptureError) {
        try write(notes.secrets)
        for mark in notes.marks {
            for writer in writers { try writer.mark(mark) }
        }
        if notes.isTimeToScan {
            for (number, writer) in writers.enumerated() where number != shard { try writer.mark(packet) }
        }
        let writer = writers[shard]
        for comment in notes.comments where !comment.isOnPacket { try writer.write(comment) }
        try writer.move(to: notes.origin.file, ahead: notes.origin.ahead, name: names[Int(notes.origin.file)])
        let known = writer.index(of: notes.interface)
        let index = if let known { known } else { try writer.add(notes.interface, notes.details) }
        let comments = notes.comments.filter(\.isOnPacket).map(\.text)
        try writer.write(packet, bytes, interface: index, comments: comments, process: notes.process)
    }

    /// The files have ended: what waits goes out, and what stands behind their last packets.
    mutating func finish(_ files: borrowing CaptureFiles) throws(CaptureError) {
        while let identity = held.awaited { try giveUp(identity) }
        for comment in files.comments { try writers[0].write(comment) }
        let names = files.names
        try write(files.secrets)
        for writer in writers {
            for mark in leftMarks + files.marks { try writer.mark(mark) }
            if let last { try writer.mark(last) }
            try writer.write(names)
            try writer.finish()
        }
    }

    /// What was read and written; once it is finished.
    /// - Parameter sections: the names of the shards' files.
    func manifest(
        of files: borrowing CaptureFiles, _ sections: [String], run: UInt64, labels: [CaptureLabel], version: String
    ) -> ShardManifest {
        var all = PacketTotals()
        for writer in writers { all.add(writer.totals) }
        let shards = zip(sections, writers).map { name, writer in
            ShardManifest.Shard(file: name, size: writer.length, totals: ShardManifest.Totals(writer.totals))
        }
        var read: [ShardManifest.Input] = []
        for index in inputs.indices {
            let path = files.paths[index]
            read.append(
                ShardManifest.Input(
                    path: path, content: files.content(of: index), totals: ShardManifest.Totals(inputs[index].totals),
                    numbers: inputs[index].numbers, error: files.errors.first { $0.path == path }?.description))
        }
        let known = Set(files.paths)
        let unread = files.errors.compactMap { error in
            error.path.flatMap { path in
                known.contains(path)
                    ? nil
                    : ShardManifest.Input(
                        path: path, content: nil, totals: ShardManifest.Totals(PacketTotals()), numbers: nil,
                        error: error.description)
            }
        }
        return ShardManifest(
            version: version, run: ShardSection.digits(run), labels: labels, totals: ShardManifest.Totals(all),
            uncertainPackets: uncertain, shards: shards, inputs: read + unread)
    }
}

extension ShardedCapture.Input {
    @inline(__always)
    fileprivate mutating func note(_ packet: PacketHeader, _ bytes: RawSpan) {
        totals.note(packet, capturedLength: bytes.byteCount)
        let number = packet.number.rawValue
        numbers = (numbers?.lowerBound ?? number)...max(number, numbers?.upperBound ?? number)
    }
}
