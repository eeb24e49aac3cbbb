import TapAnalysis

/// The kinds of records that a report holds.
public struct ReportEvents: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let handshake = ReportEvents(rawValue: 1)
    public static let frame = ReportEvents(rawValue: 2)
    public static let finding = ReportEvents(rawValue: 4)
    public static let connection = ReportEvents(rawValue: 8)
    public static let summary = ReportEvents(rawValue: 16)
    public static let message = ReportEvents(rawValue: 32)
    public static let comment = ReportEvents(rawValue: 64)
    public static let tls = ReportEvents(rawValue: 128)

    /// Every kind but messages, which say once more what their frames say.
    public static let standard: ReportEvents = [.handshake, .frame, .finding, .connection, .comment, .tls, .summary]
    /// What a report on conformance holds.
    public static let conformance: ReportEvents = [.handshake, .finding, .summary]

    /// The same with messages in place of frames.
    public var withMessagesForFrames: ReportEvents { subtracting(.frame).union(.message) }

    /// Every kind by its name, in the order in which they are listed to users.
    public static let named: [(name: String, event: ReportEvents)] = [
        ("handshake", .handshake), ("frame", .frame), ("message", .message), ("finding", .finding),
        ("connection", .connection), ("comment", .comment), ("tls", .tls), ("summary", .summary),
    ]

    /// The kind with a name, or `nil` if absent.
    public init?(named name: some StringProtocol) {
        guard let known = ReportEvents.named.first(where: { $0.name == name }) else { return nil }
        self = known.event
    }
}

extension Observation {
    /// The kind of record that tells this.
    var event: ReportEvents {
        switch self {
        case .handshake: .handshake
        case .frame: .frame
        case .message: .message
        case .finding: .finding
        case .connection: .connection
        case .tls: .tls
        }
    }
}
