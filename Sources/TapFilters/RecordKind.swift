/// The kinds of records that a filter is asked about.
public enum RecordKind: String, CaseIterable, Hashable, Sendable {
    case handshake
    case frame
    case message
    case finding
    case connection
    case comment
    case tls
}
