/// What came of looking at one rule of one opening handshake.
public struct CheckedRule: Equatable, Sendable {
    public enum Outcome: Equatable, Sendable {
        case kept
        /// With what was found wrong; at least one.
        case broken([Violation])
        /// The capture, or an earlier failure, leaves nothing to look at.
        case notChecked
    }

    public let rule: HandshakeRule
    public let outcome: Outcome
    /// What the rule asks for in this handshake.
    public let expected: String
    /// What was sent; `nil` where that head was not captured.
    public let found: String?

    init(_ rule: HandshakeRule, _ outcome: Outcome, expected: String, found: String?) {
        self.rule = rule
        self.outcome = outcome
        self.expected = expected
        self.found = found
    }

    /// What was found wrong.
    public var violations: [Violation] {
        switch outcome {
        case .broken(let violations): violations
        case .kept, .notChecked: []
        }
    }
}
