import Glibc
import TapAnalysis
import TapCore
import TapSources

/// Runs what passes interfaces through a pipeline, until a signal, a time or a number of packets ends it.
struct LiveAnalysis: ~Copyable {
    private var capture: LiveCaptures
    private var kept: RingWriter?
    /// The latest packets, where somebody may want them.
    private let recent: RecentPackets?
    /// The names of the interfaces, and of which the latest packets are; `nil` where there is one only.
    private let names: [String]
    private let interfaces: PacketInterfaces?
    private let duration: Duration?
    private let packets: UInt64
    private let stop: StopSignal
    /// Whether another program has the terminal.
    private let isQuiet: Bool
    /// Tells of connections while they are opened, beside a program.
    private let openings: OpeningSegments?
    private let isBesideProgram: Bool
    /// Key logs that grow.
    private let logs: KeyLogFiles?
    /// Packets that were analyzed.
    private var count: UInt64 = 0

    /// The longest time for which a stop may go unnoticed.
    private static let waitMilliseconds = 100
    private static let waitBesideProgram = 2
    /// How much later than a packet comes the kernel hands it over, at most: twice the time that libpcap sets for that.
    private static let handoverMilliseconds = 20
    /// Packets between two looks at the clock and the signals while more are waiting.
    private static let packetsBetweenLooks = 1_024

    /// - Parameters:
    ///   - outputs: files that the user shall have as whom it goes on.
    ///   - recent: what keeps the latest packets.
    ///   - isBesideProgram: whether it is told of connections of a program while they are opened.
    init(
        interfaces names: [String], options: LiveOptions, keptIn path: String?, inRing ring: RingLimits? = nil,
        goingOnAs user: String?, duration: Double?, packets: UInt64?, following logs: KeyLogFiles?,
        giving outputs: [LiveFile] = [], remembering recent: RecentPackets? = nil, isQuiet: Bool = false,
        isBesideProgram: Bool = false
    ) throws(CaptureError) {
        let privileges = try Privileges(userNamed: user)
        let capture = try LiveCaptures(interfaces: names, options: options)
        kept = try LiveAnalysis.writer(path, ring, capture.interfaces, options)
        let openings = isBesideProgram ? try? OpeningSegments(interface: names[0]) : nil
        for warning in capture.warnings { StandardError.say(warning) }
        // Only now: opening the interface needs rights, and the file may lie where only root can write.
        if let privileges {
            kept?.give(to: privileges.user, group: privileges.group)
            for output in outputs { output.give(to: privileges) }
            try privileges.drop()
            // The next file of a ring is made by that user.
            if let folder = kept?.folder, access(folder, W_OK | X_OK) != 0 {
                throw CaptureError("\(folder): files of a ring cannot be made there by this user; --user names another")
            }
        }
        self.capture = capture
        self.openings = openings
        self.isBesideProgram = isBesideProgram
        self.names = names
        self.recent = recent
        interfaces = names.count > 1 ? PacketInterfaces(names) : nil
        self.logs = logs
        self.duration = duration.map { .seconds($0) }
        self.packets = packets ?? .max
        stop = StopSignal()
        self.isQuiet = isQuiet
    }

    /// Says that it listens, once all that it writes can be read.
    func announce() {
        if !isQuiet { StandardError.say("listening on \(names.joined(separator: ", ")); Ctrl-C ends") }
    }

    private static func writer(
        _ path: String?, _ ring: RingLimits?, _ interfaces: [(name: String, linkType: LinkType)],
        _ options: LiveOptions
    ) throws(CaptureError) -> RingWriter? {
        guard let path else { return nil }
        return try RingWriter(
            path: path, interfaces: interfaces, snapshotLength: options.snapshotLength, limits: ring, at: now,
            offset: LocalClock.offset)
    }

    /// The clock by which packets are captured.
    static var now: Timestamp { LiveCaptures.now }

    /// - Parameter metrics: whom to tell what was counted, where somebody asks for it.
    mutating func run(_ pipeline: inout Pipeline, metrics: MetricsService? = nil) throws {
        let stop = stop
        begin(pipeline)
        announce()
        let failure = try watch(
            &pipeline, isStopped: { stop.hasCome() },
            look: { pipeline, dropped in
                if stop.hasAsked() { StandardError.write(pipeline.totals, dropped: dropped()) }
                metrics?.look(pipeline, dropped)
                try pipeline.rest()
                return true
            }, besides: { metrics?.server.descriptors ?? [] })
        if failure == nil { count += try takeRest(packets - count, &pipeline) }
        try finish(&pipeline)
        if let failure { throw failure }
    }

    /// Says which interface packets are of, where there are several.
    private func begin(_ pipeline: borrowing Pipeline) {
        if let interfaces { pipeline.begin(CaptureOrigin(interfaces: interfaces)) }
    }

    /// Analyzes what comes until something ends it, and answers what went wrong with the capture.
    /// - Parameters:
    ///   - look: is asked at least ten times a second whether to go on; it can ask how many packets were lost.
    ///   - descriptors: what else it is to look for at once.
    mutating func watch(
        _ pipeline: inout Pipeline, look: (borrowing Pipeline, () -> UInt64) throws -> Bool,
        besides descriptors: [Int32] = []
    ) throws -> CaptureError? {
        let stop = stop
        return try watch(&pipeline, isStopped: { stop.hasCome() }, look: look, besides: { descriptors })
    }

    /// The same beside a program, until it has ended and what it said was seen. Signals are passed on to it.
    mutating func watch(
        beside program: ChildProgram, _ own: OwnConnections, _ pipeline: inout Pipeline
    ) throws -> CaptureError? {
        let (stop, openings) = (stop, openings)
        var ended: ContinuousClock.Instant?
        return try watch(
            &pipeline,
            isStopped: {
                if let signal = stop.take(), signal.isSentToThis { program.pass(signal.number) }
                return false
            },
            look: { _, _ in
                for ends in try openings?.next() ?? [] { own.sockets?.note(ends.client, ends.server) }
                if let sockets = own.sockets, sockets.needsLooks { sockets.look() }
                guard program.hasEnded else { return true }
                ended = ended ?? ContinuousClock.now
                return ended.map { ContinuousClock.now - $0 < LiveAnalysis.timeAfterEnd } ?? true
            }, besides: { openings.map { [$0.descriptor] } ?? [] })
    }

    /// How long packets and keys of a program are waited for once it has ended.
    private static let timeAfterEnd = Duration.milliseconds(300)

    private mutating func watch(
        _ pipeline: inout Pipeline, isStopped: () -> Bool, look: (borrowing Pipeline, () -> UInt64) throws -> Bool,
        besides descriptors: () -> [Int32] = { [] }
    ) throws -> CaptureError? {
        let start = ContinuousClock.now
        while count < packets, !isStopped(), duration.map({ ContinuousClock.now - start < $0 }) ?? true {
            guard try look(pipeline, { capture.statistics().dropped }) else { return nil }
            do {
                for secrets in logs?.nextIfDue() ?? [] { try pipeline.receive(secrets) }
                let taken = try take(min(packets - count, UInt64(LiveAnalysis.packetsBetweenLooks)), &pipeline)
                count += taken
                if taken == 0 {
                    // The sockets of a program may be gone soon.
                    let wait = isBesideProgram ? LiveAnalysis.waitBesideProgram : LiveAnalysis.waitMilliseconds
                    capture.wait(milliseconds: wait, besides: descriptors())
                }
            } catch let error as CaptureError {
                return error
            }
        }
        return nil
    }

    /// Analyzes what passed before the end and is still in the kernel's buffer, as it is where much happens. A second
    /// Ctrl-C does without it.
    private mutating func takeRest(_ most: UInt64, _ pipeline: inout Pipeline) throws -> UInt64 {
        let end = LiveAnalysis.now
        var count: UInt64 = 0
        var isWaiting = true
        while count < most {
            guard let packet = try capture.next(isLast: !isWaiting) else {
                guard isWaiting else { break }
                isWaiting = false
                capture.wait(milliseconds: LiveAnalysis.handoverMilliseconds)
                continue
            }
            guard packet.timestamp <= end else { break }
            try receive(packet, &pipeline)
            count += 1
        }
        return count
    }

    /// Analyzes the packets that are there now, `most` of them at most.
    private mutating func take(_ most: UInt64, _ pipeline: inout Pipeline) throws -> UInt64 {
        var count: UInt64 = 0
        do {
            while count < most, let packet = try capture.next() {
                try receive(packet, &pipeline)
                count += 1
            }
        } catch {
            // What is kept does not depend on whether somebody still reads the report.
            try kept?.flush()
            throw error
        }
        if count > 0 { try kept?.flush() }
        return count
    }

    private mutating func receive(_ packet: PacketHeader, _ pipeline: inout Pipeline) throws {
        let interface = capture.interface
        interfaces?.note(packet.number, interface)
        try LiveAnalysis.keep(packet, of: capture, in: &kept)
        recent?.note(packet, capture.bytes, of: names[interface])
        try pipeline.receive(packet, capture.bytes)
    }

    private static func keep(
        _ packet: PacketHeader, of capture: borrowing LiveCaptures, in kept: inout RingWriter?
    ) throws(CaptureError) {
        try kept?.write(packet, capture.bytes, of: capture.interface)
    }

    /// Ends the report, and says on standard error how much was captured.
    /// - Parameter secrets: a key log that is kept with the packets.
    mutating func finish(_ pipeline: inout Pipeline, with secrets: [UInt8] = []) throws {
        let statistics = capture.statistics()
        if !secrets.isEmpty { try kept?.write(secrets: secrets.span.bytes) }
        try kept?.flush()
        for secrets in logs?.next(isLast: true) ?? [] { try pipeline.receive(secrets) }
        _ = try pipeline.finish(dropped: statistics.dropped)
        pipeline.noteRedaction()
        guard !isQuiet else { return }
        StandardError.say(
            "\(count) packets captured, \(statistics.droppedByKernel) dropped by the kernel, "
                + "\(statistics.droppedByInterface) dropped by the interface")
    }
}

extension LiveStatistics {
    fileprivate var dropped: UInt64 { droppedByKernel + droppedByInterface }
}

extension AnalysisOptions {
    /// What happens now is to be seen soon: packets come nearly in their order.
    mutating func hurry() { (streams.patienceTime, streams.doubtTime) = (500_000_000, 2_000_000_000) }
}
