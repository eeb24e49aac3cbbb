import TapAnalysis
import TapTestSupport
import TapWebSocket
import Testing

/// What an analysis observed, by kind.
struct Observed {
    private(set) var handshakes: [Handshake] = []
    private(set) var frames: [Frame] = []
    private(set) var messages: [Message] = []
    private(set) var findings: [Finding] = []
    private(set) var connections: [Connection] = []
    private(set) var unread: [UnreadTLS] = []
    /// The payload that was kept of each frame.
    private(set) var payloads: [[UInt8]] = []
    /// The payload that was kept of each message.
    private(set) var messagePayloads: [[UInt8]] = []
    private(set) var summary = Summary()

    init(_ packets: [CapturedPacket], _ options: AnalysisOptions = AnalysisOptions()) {
        var analyzer = Analyzer(options: options)
        for packet in packets {
            analyzer.receive(packet.header, packet.bytes.span.bytes)
            take(from: &analyzer)
        }
        analyzer.finish()
        take(from: &analyzer)
        summary = analyzer.summary
    }

    init(_ segments: [ScriptedSegment], _ options: AnalysisOptions = AnalysisOptions()) {
        self.init(segments.packets(), options)
    }

    init(_ conversation: Conversation, _ options: AnalysisOptions = AnalysisOptions()) {
        self.init(conversation.segments, options)
    }

    private mutating func take(from analyzer: inout Analyzer) {
        var batch = Observations()
        analyzer.takeObservations(into: &batch)
        for observation in batch.all {
            #expect(observation.brokenTimes.isEmpty)
            switch observation {
            case .handshake(let handshake): handshakes.append(handshake)
            case .frame(let frame):
                frames.append(frame)
                payloads.append(Array(batch.payload(of: frame)))
            case .message(let message):
                messages.append(message)
                messagePayloads.append(Array(batch.payload(of: message)))
            case .finding(let finding): findings.append(finding)
            case .connection(let connection): connections.append(connection)
            case .tls(let connection): unread.append(connection)
            }
        }
    }

    var verdicts: [Verdict] { handshakes.map(\.verdict) }
    var ids: [FindingID] { findings.map(\.violation.id) }
    var texts: [String] { payloads.map { String(decoding: $0, as: UTF8.self) } }

    /// Each frame without the packets that brought it.
    var seen: [SeenFrame] { zip(frames, payloads).map(SeenFrame.init) }

    /// Each frame as one word a fact: `3 server text 2 “hello”`.
    var lines: [String] {
        zip(frames, texts).map { frame, text in
            let message = frame.message.map { " \($0)" } ?? ""
            return "\(frame.number) \(frame.sender.rawValue) \(frame.header.opcode)\(message) “\(text)”"
        }
    }
}

/// What is decoded of a frame, wherever segments end.
struct SeenFrame: Equatable {
    let connection: Int
    let number: Int
    let message: Int?
    let sender: Sender
    let header: FrameHeader
    let capturedLength: UInt64
    let isWhole: Bool
    let payload: [UInt8]
    let close: CloseBody?
    let findings: [FindingID]

    init(_ frame: Frame, _ payload: [UInt8]) {
        connection = frame.connection
        number = frame.number
        message = frame.message
        sender = frame.sender
        header = frame.header
        capturedLength = frame.capturedLength
        isWhole = frame.isWhole
        self.payload = payload
        close = frame.close
        findings = frame.findings
    }
}
