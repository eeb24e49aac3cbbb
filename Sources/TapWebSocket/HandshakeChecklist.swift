import TapHTTP

/// Every rule of an opening handshake, each with whether it was kept, and what was expected and found.
///
/// A rule is broken exactly when a finding that belongs to it is among the violations: this list never judges by itself,
/// it only knows what could not be judged.
public struct HandshakeChecklist: Equatable, Sendable {
    /// In the order in which a handshake is sent.
    public let rules: [CheckedRule]

    /// - Parameter violations: what ``HandshakeCheck`` and the analysis found wrong with this handshake.
    public init(request: HTTPHead?, response: HTTPHead?, violations: [Violation]) {
        let facts = HandshakeFacts(request: request, response: response)
        let isDraft = violations.contains { $0.id == .requestVersionDraft }
        rules = HandshakeRule.allCases.filter { $0.applies(inStream: facts.isInStream) }.map { rule in
            let broken = violations.filter { $0.id.handshakeRule(of: $0.sender) == rule }
            let outcome: CheckedRule.Outcome =
                if !broken.isEmpty {
                    .broken(broken)
                } else if facts.allowsJudging(rule), !(rule == .key && isDraft) {
                    .kept
                } else {
                    .notChecked
                }
            return CheckedRule(rule, outcome, expected: facts.expected(by: rule), found: facts.found(for: rule))
        }
    }

    /// The rules that one peer must keep.
    public func rules(of sender: Sender) -> [CheckedRule] { rules.filter { $0.rule.sender == sender } }
}
