import TapAnalysis
import TapCore
import TapSources
import TapTestSupport
import TapWebSocket

/// A capture that shows a broken rule, and what is found when something becomes of its packets.
struct MirroredSample {
    private let name: String
    /// Whether nothing is wrong in it.
    private let isLegal: Bool
    private let options: AnalysisOptions
    private let segments: [ScriptedSegment]
    private let observed: [Observation]

    /// - Parameter isLimited: whether it needs a low limit to show what it shows.
    init(path: String, name: String, isLegal: Bool, isLimited: Bool) {
        self.name = name
        self.isLegal = isLegal
        var options = CaptureFacts.options
        options.decodesMessages = true
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

    /// What is found where packets are only cut, joined, repeated and put into another order; and whether that is exactly
    /// what was found before.
    func mangled(_ generator: inout SeededGenerator) -> (checked: CheckedCapture, isExact: Bool) {
        var mangled = Array(segments.prefix(firstSegments))
        for burst in bursts { mangled += burst.mangledWithoutLoss(&generator) }
        var checked = CheckedCapture(property: "mirror-\(name)", packets: mangled.packets())
        let found = findings(MirroredSample.observations(mangled, options))
        let expected = findings(observed)
        let different = found.symmetricDifference(expected)
        let isDue = different.allSatisfy { MirroredSample.dependsOnOrder($0.id, in: name) }
        checked.expect(expected.isEmpty == isLegal && isDue, "\(name): \(found.sorted()), not \(expected.sorted())")
        return (checked, different.isEmpty)
    }

    /// What a limit gave up may come again, and is late then; a ping that stands in another order is not judged; a copy
    /// behind the end is no copy, and of a segment that is cut its sender's checksum says nothing.
    private static func dependsOnOrder(_ id: FindingID, in name: String) -> Bool {
        switch id {
        case .tcpSegmentIgnored, .captureSyncLost: name.hasPrefix("capture-limit-reached")
        case .captureOneSided: name.hasPrefix("capture-limit-reached") || name.hasPrefix("capture-head-cut")
        case .captureHeadCut: name.hasPrefix("capture-head-cut")
        case .pingUnanswered: true
        case .tcpConflictingOverlap: name.hasPrefix("tcp-")
        default: false
        }
    }

    /// Packets that come about at the same time: no network and no capture puts others into another order.
    private var bursts: [[ScriptedSegment]] {
        var bursts: [[ScriptedSegment]] = []
        var last: Int64?
        for segment in segments.dropFirst(firstSegments) {
            let time = segment.nanoseconds ?? 0
            if last.map({ time - $0 >= MirroredSample.pause }) ?? true { bursts.append([]) }
            bursts[bursts.count - 1].append(segment)
            last = time
        }
        return bursts
    }

    /// How many say where each direction begins, where that is in the middle of a connection.
    private var firstSegments: Int {
        guard !segments.contains(where: { $0.flags.contains(.syn) }) else { return 0 }
        let firsts = Sender.allCases.compactMap { sender in segments.firstIndex { $0.sender == sender } }
        return (firsts.max() ?? -1) + 1
    }

    private static let pause: Int64 = 500_000_000

    /// What is found where a packet is missing that no finding needs; `nil` where each is needed.
    func withLoss(_ generator: inout SeededGenerator) -> (checked: CheckedCapture, isKept: Bool)? {
        let needed = observed.reduce(into: Set<Int>()) { $0.formUnion(packetsNeeded(by: $1)) }
        let candidates = segments.indices.filter { !needed.contains($0) }
        guard let lost = candidates.randomElement(using: &generator) else { return nil }
        let rest = Array(segments[..<lost] + segments[(lost + 1)...])
        var checked = CheckedCapture(property: "mirror-loss-\(name)", packets: rest.packets())
        let found = findings(MirroredSample.observations(rest, options))
        let expected = findings(observed)
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

    private func findings(_ observations: [Observation]) -> Set<FindingFacts> {
        Set(
            observations.compactMap { observation in
                guard case .finding(let finding) = observation else { return nil }
                // Of two connections either may be the first.
                return FindingFacts(port: 0, id: finding.violation.id, sender: finding.sender)
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
        case _ where ["capture-", "ping-", "h2-"].contains { id.rawValue.hasPrefix($0) }: .both
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
