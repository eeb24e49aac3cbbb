import TapAnalysis
import TapSources
import TapTestSupport
import TapWebSocket

/// What is found in a capture, without the places where it is: the same whatever became of packets on their way.
struct CaptureFacts {
    /// What a connection's record says of its end and of its bytes.
    struct End: Equatable, CustomStringConvertible {
        let initiator: Sender?
        let isClean: Bool
        let code: UInt16?
        let missing: [UInt64]
        let undecoded: [UInt64]

        var withoutCloser: End {
            End(initiator: nil, isClean: isClean, code: nil, missing: missing, undecoded: undecoded)
        }

        var description: String {
            "by \(initiator?.rawValue ?? "-"), clean \(isClean), code \(code ?? 0), missing \(missing), undecoded \(undecoded)"
        }
    }

    private(set) var frames: [(peer: SendingPeer, facts: FrameFacts)] = []
    private(set) var messages: [(peer: SendingPeer, facts: MessageFacts)] = []
    private(set) var findings: [FindingFacts] = []
    /// The findings about connections whose handshake was not told.
    private(set) var verdicts: [UInt16: [Verdict]] = [:]
    private(set) var ends: [UInt16: [End]] = [:]
    private(set) var connections: [Connection] = []
    private(set) var brokenTimes: [String] = []
    private(set) var errors: [CaptureError] = []

    static var options: AnalysisOptions {
        var options = AnalysisOptions()
        options.observesMessages = true
        // Packets here are a millisecond apart, and some come thousands of packets late: no limit is meant to be reached.
        options.streams.patienceTime = 60_000_000_000
        return options
    }

    init(_ packets: [CapturedPacket], _ options: AnalysisOptions = CaptureFacts.options) {
        var analyzer = Analyzer(options: options)
        for packet in packets { analyzer.receive(packet.header, packet.bytes.span.bytes) }
        take(from: &analyzer)
    }

    /// The same from a file.
    init(_ file: [UInt8]) throws {
        let file = try TemporaryFile(file)
        var source = CaptureFiles(paths: [file.path])
        var analyzer = Analyzer(options: CaptureFacts.options)
        while let header = source.next() { analyzer.receive(header, source.bytes) }
        take(from: &analyzer)
        errors = source.errors
    }

    private mutating func take(from analyzer: inout Analyzer) {
        analyzer.finish()
        var batch = Observations()
        analyzer.takeObservations(into: &batch)
        var ports: [Int: UInt16] = [:]
        for observation in batch.all {
            if case .handshake(let handshake) = observation { ports[handshake.connection] = handshake.client.port }
        }
        for observation in batch.all {
            brokenTimes += observation.brokenTimes
            let port = observation.connectionNumber.flatMap { ports[$0] } ?? 0
            switch observation {
            case .handshake(let handshake): verdicts[port, default: []].append(handshake.verdict)
            case .frame(let frame):
                let facts = FrameFacts(
                    opcode: frame.header.opcode, isFinal: frame.header.isFinal,
                    reservedBits: frame.header.reservedBits, isMasked: frame.header.isMasked,
                    length: frame.header.payloadLength, payload: Array(batch.payload(of: frame)), isWhole: frame.isWhole
                )
                frames.append((SendingPeer(port: port, sender: frame.sender), facts))
            case .message(let message):
                guard message.isWhole, message.compression == .none || message.compression == .inflated else {
                    continue
                }
                let facts = MessageFacts(kind: message.kind, payload: Array(batch.payload(of: message)))
                messages.append((SendingPeer(port: port, sender: message.sender), facts))
            case .finding(let finding):
                findings.append(FindingFacts(port: port, id: finding.violation.id, sender: finding.sender))
            case .tls: break
            case .connection(let connection):
                connections.append(connection)
                let close = connection.close
                let both = [connection.fromClient, connection.fromServer]
                ends[port, default: []].append(
                    End(
                        initiator: close.initiator, isClean: close.isClean, code: close.body?.code?.rawValue,
                        missing: both.map(\.missingBytes), undecoded: both.map(\.undecodedBytes)))
            }
        }
    }

    func frames(of peer: SendingPeer) -> [FrameFacts] { frames.filter { $0.peer == peer }.map(\.facts) }
    func messages(of peer: SendingPeer) -> [MessageFacts] { messages.filter { $0.peer == peer }.map(\.facts) }

    /// Every peer that sent something.
    var peers: Set<SendingPeer> { Set(frames.map(\.peer)).union(messages.map(\.peer)) }

    var accusations: [FindingFacts] { findings.filter(\.isAccusation).sorted() }

    /// The same without who closed first, where neither peer had seen that the other did.
    func withoutCloser(of ports: Set<UInt16>) -> CaptureFacts {
        var facts = self
        for port in ports { facts.ends[port] = facts.ends[port]?.map(\.withoutCloser) }
        return facts
    }

    /// The first difference from another capture of the same packets.
    func difference(from other: CaptureFacts) -> String? {
        for peer in peers.union(other.peers) {
            if let difference = firstDifference(frames(of: peer), other.frames(of: peer)) {
                return "\(peer): \(difference)"
            }
            if let difference = firstDifference(messages(of: peer), other.messages(of: peer)) {
                return "\(peer): \(difference)"
            }
        }
        if let difference = firstDifference(findings.sorted(), other.findings.sorted()) { return difference }
        for port in Set(ends.keys).union(other.ends.keys) {
            if let difference = firstDifference(ends[port] ?? [], other.ends[port] ?? []) {
                return "\(port): \(difference)"
            }
        }
        return verdicts == other.verdicts ? nil : "\(verdicts) in place of \(other.verdicts)"
    }
}

/// Where two lists differ first, in words.
func firstDifference<Element: Equatable>(_ found: [Element], _ expected: [Element]) -> String? {
    guard found != expected else { return nil }
    let index = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let place = index ?? min(found.count, expected.count)
    let shown = [found, expected].map { $0.dropFirst(place).first.map { "\($0)" } ?? "nothing" }
    return "\(shown[0]) in place of \(shown[1]), at \(place) of \(expected.count)"
}
