/// A broken rule whose place in the capture is not known yet: the ``FindingID`` with its evidence.
public struct Violation: Equatable, Sendable, Codable {
    public let id: FindingID
    /// How serious it is: what the catalogue says of it, or less.
    public let severity: Severity
    /// Whose doing it is, where that is certain.
    public let sender: Sender?
    /// A sentence about this case.
    public let detail: String
    public let evidence: [Evidence]

    /// - Parameter severity: what the catalogue says, if absent.
    public init(
        _ id: FindingID, as severity: Severity? = nil, by sender: Sender? = nil, _ detail: String,
        _ evidence: [Evidence] = []
    ) {
        self.id = id
        self.severity = severity ?? id.severity
        self.sender = sender
        self.detail = detail
        self.evidence = evidence
    }

    /// The same, where only its finding knows whose doing it is.
    package func with(sender: Sender?) -> Violation { Violation(id, as: severity, by: sender, detail, evidence) }
}
