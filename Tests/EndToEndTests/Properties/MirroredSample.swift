import TapAnalysis
import TapBytes
import TapCapture
import TapPackets
import TapTestSupport
import TapWebSocket

/// A capture that shows a broken rule, and what is found when something becomes of its packets.
struct MirroredSample {
    private let name: String
    private let isLimited: Bool
    private let options: AnalysisOptions
    private let segments: [ScriptedSegment]
    private let observed: [Observation]

    /// - Parameter isLimited: whether it needs a low limit to show what it shows.
    init(path: String, name: String, isLimited: Bool) {
        self.name = name
        self.isLimited = isLimited
        var options = CaptureFacts.options
        if isLimited { options.streams.heldBytesPerDirection = 2_000 }
        var source = CaptureFiles(paths: [path])
        var segments: [ScriptedSegment] = []
        while let header = source.next() {
            let packet = CapturedPacket([UInt8](source.bytes), header)
            if let segment = ScriptedSegment(packet, serverPort: 8080) { segments.append(segment) }
        }
        self.segments = segments
        self.options = options
        observed = MirroredSample.observations(segments, options)
    }

    /// What is found where packets are only cut, joined, repeated and put into another order.
    func mangled(_ generator: inout SeededGenerator) -> CheckedCapture {
        var mangled: [ScriptedSegment] = []
        for burst in bursts { mangled += burst.mangledWithoutLoss(&generator) }
        var checked = CheckedCapture(property: "mirror-\(name)", packets: mangled.packets())
        let found = MirroredSample.findings(MirroredSample.observations(mangled, options))
        let expected = MirroredSample.findings(observed)
        // What a limit gave up may come again, and is late then.
        let beyond = found.subtracting(expected).filter { !isLimited || $0.id != .tcpSegmentIgnored }
        let isSame = beyond.isEmpty && expected.isSubset(of: found)
        checked.expect(!expected.isEmpty && isSame, "\(name): \(found.sorted()), not \(expected.sorted())")
        return checked
    }

    /// Packets that come about at the same time: no network and no capture puts others into another order. The first that
    /// are captured in the middle of a connection say where that is.
    private var bursts: [[ScriptedSegment]] {
        let isStartCaptured = segments.contains { $0.flags.contains(.syn) }
        var bursts = [isStartCaptured ? [] : Array(segments.prefix(MirroredSample.firstSegments))]
        var last: Int64?
        for segment in segments.dropFirst(isStartCaptured ? 0 : MirroredSample.firstSegments) {
            let time = segment.nanoseconds ?? 0
            if last.map({ time - $0 >= MirroredSample.pause }) ?? true { bursts.append([]) }
            bursts[bursts.count - 1].append(segment)
            last = time
        }
        return bursts
    }

    private static let firstSegments = 6
    private static let pause: Int64 = 500_000_000

    /// What is found where a packet is missing that no finding needs; `nil` where each is needed.
    func withLoss(_ generator: inout SeededGenerator) -> (checked: CheckedCapture, isKept: Bool)? {
        let needed = observed.reduce(into: Set<Int>()) { $0.formUnion(packetsNeeded(by: $1)) }
        let candidates = segments.indices.filter { !needed.contains($0) }
        guard let lost = candidates.randomElement(using: &generator) else { return nil }
        let rest = Array(segments[..<lost] + segments[(lost + 1)...])
        var checked = CheckedCapture(property: "mirror-loss-\(name)", packets: rest.packets())
        let found = MirroredSample.findings(MirroredSample.observations(rest, options))
        let expected = MirroredSample.findings(observed)
        let more = found.subtracting(expected).filter(\.isAccusation)
        checked.expect(more.isEmpty, "\(name) without packet \(lost + 1): \(more.sorted()) is said")
        return (checked, expected.isSubset(of: found))
    }

    private static func observations(_ segments: [ScriptedSegment], _ options: AnalysisOptions) -> [Observation] {
        var analyzer = Analyzer(options: options)
        for packet in segments.packets() { analyzer.receive(packet.header, packet.bytes.span.bytes) }
        analyzer.finish()
        var batch = Observations()
        analyzer.takeObservations(into: &batch)
        return batch.all
    }

    private static func findings(_ observations: [Observation]) -> Set<FindingFacts> {
        Set(
            observations.compactMap { observation in
                guard case .finding(let finding) = observation else { return nil }
                return FindingFacts(
                    port: UInt16(clamping: finding.connection), id: finding.violation.id, sender: finding.sender)
            })
    }

    // MARK: What a finding needs

    private enum Need { case heads, upToFinding, direction, both }

    /// The packets that show what a finding says, by their index; more rather than fewer.
    private func packetsNeeded(by observation: Observation) -> [Int] {
        guard case .finding(let finding) = observation else { return [] }
        let last = Int(finding.packet.rawValue) - 1
        let heads = lastHead ?? last
        return segments.indices.filter { index in
            let segment = segments[index]
            let saysSomething = !segment.payload.isEmpty || !segment.flags.isDisjoint(with: [.syn, .fin, .rst])
            switch MirroredSample.need(of: finding.violation.id) {
            case .heads: return !segment.payload.isEmpty && index <= max(heads, last)
            case .upToFinding:
                return !segment.payload.isEmpty
                    && (index <= heads || index <= last && segment.sender == finding.sender ?? segment.sender)
            case .direction:
                return saysSomething && (index <= heads || segment.sender == finding.sender ?? segment.sender)
            case .both: return saysSomething
            }
        }
    }

    /// Silence needs a whole direction, and that of the other where an answer is what is missing.
    private static func need(of id: FindingID) -> Need {
        switch id {
        case .messageUnfinished, .closeInFrame: .direction
        case .closeUnanswered, .closeMissing, .handshakeUnanswered, .tcpChecksumWrong: .both
        case _ where id.rawValue.hasPrefix("capture-") || id.rawValue.hasPrefix("ping-"): .both
        case _ where ["request-", "response-", "http-", "handshake-"].contains { id.rawValue.hasPrefix($0) }: .heads
        case _: .upToFinding
        }
    }

    /// The packet that ends the last head.
    private var lastHead: Int? {
        observed.compactMap { observation in
            guard case .handshake(let handshake) = observation else { return nil }
            return [handshake.request, handshake.response].compactMap { $0?.packet.rawValue }.max().map { Int($0) - 1 }
        }.max()
    }
}
