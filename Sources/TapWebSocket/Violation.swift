/// A rule that was found broken, before it is known where in the capture: what ``FindingID`` with which evidence.
public struct Violation: Equatable, Sendable {
    public let id: FindingID
    /// A sentence about this case.
    public let detail: String
    public let evidence: [Evidence]

    public init(_ id: FindingID, _ detail: String, _ evidence: [Evidence] = []) {
        self.id = id
        self.detail = detail
        self.evidence = evidence
    }
}
