import TapHTTP
import TapWebSocket

extension Redactor {
    mutating func head(_ head: HTTPHead) -> HTTPHead {
        // The fields first see all secrets, and then whatever quotes one that came later.
        let once = fields(head.fields)
        let startLine: HTTPStartLine =
            switch head.startLine {
            case .request(let method, let target, let version):
                .request(method: text(method), target: text(target), version: version)
            case .response(let version, let status, let reason):
                .response(version: version, status: status, reason: text(reason))
            }
        return HTTPHead(
            startLine: startLine, fields: fields(once), oddities: head.oddities, droppedBytes: head.droppedBytes,
            packet: head.packet, time: head.time)
    }

    mutating func violation(_ violation: Violation) -> Violation {
        // What two copies of a segment or of a fragment hold is anything that was sent.
        let quotesSegments = violation.id == .tcpConflictingOverlap || violation.id == .ipConflictingOverlap
        let evidence = violation.evidence.map { fact in
            switch fact.value {
            case .number: fact
            case .text(let value): Evidence(fact.name, .text(quotesSegments ? Redactor.mark : text(value)))
            case .list(let values): Evidence(fact.name, .list(values.map { text($0) }))
            }
        }
        return Violation(violation.id, by: violation.sender, text(violation.detail), evidence)
    }
}
