/// What a filter says of fields that a record does not have.
extension FilterEvaluation {
    /// Whether a filter holds for a record by what records of its kind can have: a test of another field decides nothing
    /// (Kleene 1952), so that a handshake is not said to have ended without a close frame.
    mutating func certainlyHolds(_ expression: FilterExpression, for subject: FilterSubject) -> Bool {
        answer(expression, for: subject) { operand, _ in
            let kinds = operand.field.kinds
            return !kinds.isEmpty && !kinds.contains(subject.kind)
        } ?? false
    }

    /// The fields whose absence alone made a filter hold for a record; empty where it holds for another reason.
    /// To ask for the presence of a value is no such test: its absence is what was asked for.
    func fieldsAbsent(from subject: FilterSubject, for expression: FilterExpression) -> Set<FilterField> {
        // What regular expressions give no answer to was counted before.
        var evaluation = FilterEvaluation()
        func isAbsent(_ operand: FilterOperand, _ condition: FilterCondition) -> Bool {
            if condition == .exists, operand.type != .boolean { return false }
            return subject.values(of: operand).isEmpty
        }
        guard evaluation.answer(expression, for: subject, isOpen: isAbsent) == nil else { return [] }
        return expression.negated.reduce(into: []) { fields, test in
            if isAbsent(test.operand, test.condition) { fields.insert(test.operand.field) }
        }
    }

    private mutating func answer(
        _ expression: FilterExpression, for subject: FilterSubject,
        isOpen: (FilterOperand, FilterCondition) -> Bool
    ) -> Bool? {
        switch expression {
        case .test(let operand, let condition):
            return isOpen(operand, condition) ? nil : holds(condition, of: operand, for: subject)
        case .not(let inner): return answer(inner, for: subject, isOpen: isOpen).map { !$0 }
        case .all(let parts): return joined(parts, for: subject, isOpen, deciding: false)
        case .any(let parts): return joined(parts, for: subject, isOpen, deciding: true)
        case .chosen: return holds(expression, for: subject)
        }
    }

    /// - Parameter decision: the answer of one part that is the answer of all.
    private mutating func joined(
        _ parts: [FilterExpression], for subject: FilterSubject, _ isOpen: (FilterOperand, FilterCondition) -> Bool,
        deciding decision: Bool
    ) -> Bool? {
        var isUndecided = false
        for part in parts {
            guard let answer = answer(part, for: subject, isOpen: isOpen) else {
                isUndecided = true
                continue
            }
            if answer == decision { return decision }
        }
        return isUndecided ? nil : !decision
    }
}

extension FilterExpression {
    /// The tests that may make it hold by failing.
    var negated: [(operand: FilterOperand, condition: FilterCondition)] { tests(ifNegated: true) }

    private func tests(ifNegated isWanted: Bool) -> [(operand: FilterOperand, condition: FilterCondition)] {
        switch self {
        case .test(let operand, let condition): isWanted ? [] : [(operand, condition)]
        case .not(let inner): inner.tests(ifNegated: !isWanted)
        case .all(let parts), .any(let parts): parts.flatMap { $0.tests(ifNegated: isWanted) }
        case .chosen: []
        }
    }
}
