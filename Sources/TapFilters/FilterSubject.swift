import TapAnalysis
import TapCore
import TapSubprotocols
import TapWebSocket

/// What a filter is asked about: one record, with what is known around it.
struct FilterSubject {
    enum Record {
        case handshake
        case frame
        case message
        case finding(Finding)
        case connection(Connection)
        case comment(CaptureComment)
        case tls(UnreadTLS)
    }

    let record: Record
    /// When the first packet was captured.
    let start: Timestamp
    /// The handshake of its connection; `nil` where it is not known any longer.
    var handshake: Handshake?
    /// The frame itself.
    var frame: Frame?
    var framePayload: ArraySlice<UInt8> = []
    /// What the frame's payload inflates to.
    var frameInflated: ArraySlice<UInt8> = []
    /// The message itself, or the one that the frame belongs to; `nil` where it is not known.
    var message: Message?
    var messagePayload: ArraySlice<UInt8> = []

    init(_ record: Record, start: Timestamp) {
        self.record = record
        self.start = start
    }

    var kind: RecordKind {
        switch record {
        case .handshake: .handshake
        case .frame: .frame
        case .message: .message
        case .finding: .finding
        case .connection: .connection
        case .comment: .comment
        case .tls: .tls
        }
    }

    /// The values of what a test looks at; empty where the record does not have it.
    func values(of operand: FilterOperand) -> [FilterValue] {
        operand.field == .json ? values(ofJSON: operand.path) : values(of: operand.field)
    }

    /// The values of a field; empty where the record does not have it.
    func values(of field: FilterField) -> [FilterValue] {
        switch field {
        case .type: return names(kind.rawValue, of: field)
        case .connection: return [connection].compactMap { $0.map(FilterValue.number) }
        case .sender: return names(sender?.rawValue, of: field)
        case .verdict: return names(handshake?.verdict.rawValue, of: field)
        case .finding: return findings.flatMap { names($0.rawValue, of: field) }
        case .severity: return severities.flatMap { names($0.rawValue, of: field) }
        case .heartbeat: return names(heartbeat, of: field)
        case .incomplete: return incomplete
        case .frameNumber: return packets.map { .number($0.rawValue) }
        case .frameTimeRelative: return [time].compactMap { $0.map { .seconds($0.since(start)) } }
        case .frameTimeEpoch: return [time].compactMap { $0.map { .seconds($0.nanoseconds) } }
        case .frameComment: return comment
        default: break
        }
        let ofCarrier = values(ofEndpoints: field) ?? values(ofTLS: field) ?? values(ofHTTP2: field)
        let ofConnection = ofCarrier ?? values(ofHandshake: field)
        let ofFrame = ofConnection ?? values(ofFrame: field) ?? values(ofMessage: field)
        return ofFrame ?? values(ofApplication: field) ?? values(ofClose: field) ?? []
    }

    func names(_ name: String?, of field: FilterField) -> [FilterValue] {
        guard let name, case .name(let names, _) = field.type, let index = names.firstIndex(of: name) else { return [] }
        return [.name(index)]
    }

    var connection: Int? {
        switch record {
        case .handshake: handshake?.connection
        case .frame: frame?.connection
        case .message: message?.connection
        case .finding(let finding): finding.connection
        case .connection(let connection): connection.number
        case .comment, .tls: nil
        }
    }

    var sender: Sender? {
        switch record {
        case .frame: frame?.sender
        case .message: message?.sender
        case .finding(let finding): finding.sender
        case .handshake, .connection, .comment, .tls: nil
        }
    }

    private var findings: [FindingID] {
        switch record {
        case .handshake: handshake?.violations.map(\.id) ?? []
        case .frame: frame?.findings ?? []
        case .finding(let finding): [finding.violation.id]
        case .message, .connection, .comment, .tls: []
        }
    }

    private var severities: [Severity] {
        switch record {
        case .handshake: handshake?.violations.map(\.severity) ?? []
        case .frame: frame?.findings.map(\.severity) ?? []
        case .finding(let finding): [finding.violation.severity]
        case .message, .connection, .comment, .tls: []
        }
    }

    private var heartbeat: String? {
        if let opcode = frame?.header.opcode, opcode.isControl {
            return opcode == .ping || opcode == .pong ? "websocket" : nil
        }
        return message.flatMap { heartbeat(of: $0)?.rawValue }
    }

    /// By what was read of the conversation, else by the message alone.
    private func heartbeat(of message: Message) -> ApplicationHeartbeat? {
        if let items = message.application?.items {
            let beats = items.map { ApplicationHeartbeat($0) }
            guard let first = beats.first, let beat = first, beats.allSatisfy({ $0 == beat }) else { return nil }
            return beat
        }
        guard message.isWhole, UInt64(messagePayload.count) == message.length else { return nil }
        let context = handshake?.applicationContext ?? ApplicationContext(subprotocol: nil, target: "")
        return ApplicationHeartbeat(messagePayload, from: message.sender, isText: message.kind == .text, context)
    }

    private var incomplete: [FilterValue] {
        if let frame { return [.boolean(!frame.isWhole)] }
        return message.map { [.boolean(!$0.isWhole)] } ?? []
    }

    private var packets: [PacketNumber] {
        switch record {
        case .handshake: [handshake?.request?.packet, handshake?.response?.packet].compactMap { $0 }
        case .frame: [frame?.packet].compactMap { $0 }
        case .message: [message?.packet].compactMap { $0 }
        case .finding(let finding): [finding.packet]
        case .comment(let comment): if case .packet(let number, _) = comment.subject { [number] } else { [] }
        case .tls(let unread): [unread.packet]
        case .connection: []
        }
    }

    private var time: Timestamp? {
        switch record {
        case .handshake: handshake?.time
        case .frame: frame?.time
        case .message: message?.time
        case .finding(let finding): finding.time
        case .connection(let connection): connection.closed
        case .comment(let comment): if case .packet(_, let time) = comment.subject { time } else { nil }
        case .tls(let unread): unread.time
        }
    }

    private var comment: [FilterValue] {
        if case .comment(let comment) = record { [.text(comment.text[...])] } else { [] }
    }
}
