/// A rule that was found broken, before it is known where in the capture: what ``FindingID`` with which evidence.
public struct Violation: Equatable, Sendable {
    public let id: FindingID
    /// Whose doing it is, where that is certain.
    public let sender: Sender?
    /// A sentence about this case.
    public let detail: String
    public let evidence: [Evidence]

    public init(_ id: FindingID, by sender: Sender? = nil, _ detail: String, _ evidence: [Evidence] = []) {
        self.id = id
        self.sender = sender
        self.detail = detail
        self.evidence = evidence
    }
}
