/// What the catalogue says of one finding.
struct FindingEntry {
    let severity: Severity
    let reference: String
    let meaning: String
    let explanation: String

    init(_ severity: Severity, _ reference: String, _ meaning: String, _ explanation: String) {
        self.severity = severity
        self.reference = reference
        self.meaning = meaning
        self.explanation = explanation
    }
}
