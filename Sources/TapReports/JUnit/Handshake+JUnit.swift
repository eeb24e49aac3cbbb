import TapAnalysis
import TapHTTP
import TapWebSocket

extension Handshake {
    /// `#1 127.0.0.1:5000 → 127.0.0.1:80 /chat`
    var title: String {
        let start = "#\(connection) \(client) → \(server)"
        guard case .request(_, let target, _) = request?.startLine else { return start }
        return "\(start) \(target)"
    }

    /// A test case for each rule, and one for each finding that belongs to none.
    func cases(_ violations: [Violation], failingFrom least: Severity) -> [JUnitCase] {
        let checklist = HandshakeChecklist(request: request, response: response, violations: violations)
        let others = violations.filter { $0.id.handshakeRule(of: $0.sender) == nil }
        // Where no head was captured there is nothing to check off.
        let rules = verdict == .midstream ? [] : checklist.rules.map { testCase($0, failingFrom: least) }
        return rules
            + others.map { violation in
                testCase(violation.id.rawValue, [violation], [violation.line], failingFrom: least)
            }
    }

    private func testCase(_ rule: CheckedRule, failingFrom least: Severity) -> JUnitCase {
        switch rule.outcome {
        case .kept: return JUnitCase(name: rule.rule.rawValue, group: "wstap.handshake", outcome: .passed, lines: [])
        case .notChecked:
            return JUnitCase(
                name: rule.rule.rawValue, group: "wstap.handshake", outcome: .skipped(why: "not checked"), lines: [])
        case .broken(let violations):
            let head = rule.rule.sender == .client ? request : response
            let packet = (head?.packet ?? self.packet).rawValue
            var lines = ["packet \(packet)"] + violations.map(\.line)
            if let found = rule.found { lines += ["expected: \(rule.expected)", "found: \(found)"] }
            return testCase(rule.rule.rawValue, violations, lines, failingFrom: least)
        }
    }

    private func testCase(
        _ name: String, _ violations: [Violation], _ lines: [String], failingFrom least: Severity
    ) -> JUnitCase {
        let worst = violations.max { $0.severity < $1.severity }
        let outcome: JUnitCase.Outcome =
            if let worst, worst.severity >= least {
                .failed(worst.severity, message: worst.detail)
            } else {
                .remarked
            }
        return JUnitCase(name: name, group: "wstap.handshake", outcome: outcome, lines: lines)
    }
}

extension Violation {
    /// All that is known of it.
    var line: String {
        let facts = evidence.map { "\($0.name)=\($0.value.text)" }.joined(separator: " ")
        return "\(severity.rawValue) \(id.rawValue): \(detail) (\(id.reference))"
            + (facts.isEmpty ? "" : " [\(facts)]")
    }
}

extension Evidence.Value {
    fileprivate var text: String {
        switch self {
        case .text(let text): "“\(text)”"
        case .number(let number): "\(number)"
        case .list(let texts): texts.map { "“\($0)”" }.joined(separator: ", ")
        }
    }
}
