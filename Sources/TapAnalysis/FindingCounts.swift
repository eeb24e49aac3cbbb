import TapWebSocket

/// How many findings of each name there were, and how serious they are.
public protocol FindingCounts {
    var findings: [FindingID: Int] { get set }
    /// How many of them are only notes, though the catalogue says more of their names.
    var notes: [FindingID: Int] { get set }
}

extension FindingCounts {
    package mutating func count(_ violation: Violation) {
        findings[violation.id, default: 0] += 1
        if violation.severity < violation.id.severity { notes[violation.id, default: 0] += 1 }
    }

    /// Leaves out what is not to be counted.
    package mutating func keep(_ isCounted: (FindingID) -> Bool) {
        findings = findings.filter { isCounted($0.key) }
        notes = notes.filter { isCounted($0.key) }
    }

    /// How many there were of each severity.
    public var severities: [Severity: Int] {
        var counts: [Severity: Int] = [:]
        for (id, count) in findings {
            let notes = notes[id] ?? 0
            if count > notes { counts[id.severity, default: 0] += count - notes }
            if notes > 0 { counts[.note, default: 0] += notes }
        }
        return counts
    }

    /// How serious those of a name are.
    public func severity(of id: FindingID) -> Severity {
        findings[id].map { $0 == notes[id] } ?? false ? .note : id.severity
    }
}
