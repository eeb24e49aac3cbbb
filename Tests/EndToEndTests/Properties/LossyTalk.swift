import TapAnalysis
import TapCore
import TapSources
import TapSubprotocols
import TapTestSupport
import TapWebSocket

/// A capture of what peers say in a protocol, and what is said of it where packets are missing.
struct LossyTalk {
    private let name: String
    private let packets: [CapturedPacket]
    private let whole: TalkFacts

    init(path: String, name: String) {
        self.name = name
        var source = CaptureFiles(paths: [path])
        var packets: [CapturedPacket] = []
        while let header = source.next() { packets.append(CapturedPacket([UInt8](source.bytes), header)) }
        self.packets = packets
        whole = TalkFacts(packets)
    }

    /// What is said without some packets: no finding that the whole does not have, and of each message no more.
    func checked(_ generator: inout SeededGenerator) -> CheckedCapture {
        let kept = withLoss(&generator)
        var checked = CheckedCapture(property: "talk-\(name)", packets: kept)
        let found = TalkFacts(kept)
        let more = found.findings.subtracting(whole.findings)
        checked.expect(more.isEmpty, "\(name): \(more.map(\.description).sorted()) is said")
        for message in found.messages {
            let candidates = whole.messages.filter { $0.payload == message.payload && $0.sender == message.sender }
            for item in message.items where !item.isPart(ofAny: candidates.flatMap(\.items)) {
                checked.note("\(name): \(item.protocol) \(item.kind) \(item.summary) is made up")
            }
        }
        return checked
    }

    private func withLoss(_ generator: inout SeededGenerator) -> [CapturedPacket] {
        let count = [1, 1, 2, 3, 6, max(2, packets.count / 10)].randomElement(using: &generator) ?? 1
        let lost = Set((0..<count).map { _ in Int.random(in: packets.indices, using: &generator) })
        let start = generator.oneIn(6) ? Int.random(in: packets.indices, using: &generator) : 0
        return packets.indices.filter { $0 >= start && !lost.contains($0) }.map { packets[$0] }
    }
}

/// What annotators make of a capture.
private struct TalkFacts {
    struct Said {
        let sender: Sender
        let payload: [UInt8]
        let items: [ApplicationItem]
    }

    struct Accusation: Hashable, CustomStringConvertible {
        let id: FindingID
        let sender: Sender?
        /// Of the message that it is about; how a connection ends may be seen later.
        let time: Timestamp?

        var description: String { "\(id.rawValue) of \(sender?.rawValue ?? "-")" }
    }

    private(set) var messages: [Said] = []
    private(set) var findings: Set<Accusation> = []

    init(_ packets: [CapturedPacket]) {
        var options = AnalysisOptions()
        options.observesMessages = true
        options.decodesMessages = true
        options.payloadLimit = 1 << 20
        var analyzer = Analyzer(options: options)
        for packet in packets { analyzer.receive(packet.header, packet.bytes.span.bytes) }
        analyzer.finish()
        var observations = Observations()
        analyzer.takeObservations(into: &observations)
        for observation in observations.all {
            switch observation {
            case .message(let message):
                guard let notes = message.application else { continue }
                let payload = Array(observations.payload(of: message))
                messages.append(Said(sender: message.sender, payload: payload, items: notes.items))
            case .finding(let finding) where finding.violation.id.rawValue.hasPrefix("application-"):
                let id = finding.violation.id
                let isAtEnd = id == .applicationUnanswered || id == .applicationHeartbeatMissed
                findings.insert(Accusation(id: id, sender: finding.sender, time: isAtEnd ? nil : finding.time))
            default: break
            }
        }
    }
}

extension ApplicationItem {
    /// Whether it says no more than one of others; the name of what it answers may be missing, and with it the protocol.
    fileprivate func isPart(ofAny others: [ApplicationItem]) -> Bool {
        switch `protocol` {
        case .json, .messagePack, .cbor: true
        default: kind == "rest" || others.contains { isPart(of: $0) }
        }
    }

    private func isPart(of other: ApplicationItem) -> Bool {
        `protocol` == other.protocol && kind == other.kind && id == other.id && error == other.error
            && (name == nil || name == other.name)
            && (answer == nil || (other.answer != nil && answer?.latency == other.answer?.latency))
            && summary.split(separator: " ").allSatisfy { $0.hasSuffix("…") || other.summary.contains($0) }
    }
}
