/// Asks a filter about records, and counts the texts that a regular expression gave no answer to.
struct FilterEvaluation {
    private(set) var givenUp: UInt64 = 0

    mutating func holds(_ expression: FilterExpression, for subject: FilterSubject) -> Bool {
        switch expression {
        case .test(let operand, let condition): return holds(condition, of: operand, for: subject)
        case .not(let inner): return !holds(inner, for: subject)
        case .all(let parts):
            for part in parts where !holds(part, for: subject) { return false }
            return true
        case .any(let parts):
            for part in parts where holds(part, for: subject) { return true }
            return false
        case .chosen(let chosen): return subject.connection.map(chosen.numbers.contains) ?? false
        }
    }

    mutating func holds(
        _ condition: FilterCondition, of operand: FilterOperand, for subject: FilterSubject
    ) -> Bool {
        let values = subject.values(of: operand).map { operand.applied(to: $0) }
        switch condition {
        case .exists: return values.contains { $0 != .boolean(false) }
        case .compares(.notEqual, let literal):
            return !values.isEmpty && values.allSatisfy { !$0.holds(.equal, literal, operand.type) }
        case .compares(let relation, let literal): return values.contains { $0.holds(relation, literal, operand.type) }
        case .contains(let part): return values.contains { part.isIn($0.bytes(operand.type)) }
        case .isIn(let ranges):
            return values.contains { value in ranges.contains { value.lies(in: $0, operand.type) } }
        case .matches(let pattern):
            for value in values where matches(pattern, value.bytes(operand.type)) { return true }
            return false
        }
    }

    private mutating func matches(_ pattern: FilterPattern, _ text: ArraySlice<UInt8>) -> Bool {
        switch pattern.match(text) {
        case .found: return true
        case .notFound: return false
        case .givenUp:
            givenUp += 1
            return false
        }
    }
}

extension FilterOperand {
    fileprivate func applied(to value: FilterValue) -> FilterValue {
        guard let function else { return value }
        return function.apply(to: value.bytes(field.type))
    }
}

extension FilterValue {
    /// A text, or a name as text.
    fileprivate func bytes(_ type: FilterType) -> ArraySlice<UInt8> {
        switch self {
        case .text(let bytes), .bytes(let bytes): return bytes
        case .name(let index):
            guard case .name(let names, _) = type else { return [] }
            return Array(names[index].utf8)[...]
        case .number, .boolean, .seconds, .decimal, .address: return []
        }
    }

    fileprivate func holds(_ relation: FilterRelation, _ literal: FilterLiteral, _ type: FilterType) -> Bool {
        switch (self, literal) {
        case (.number(let left), .number(let right)): return relation.holds(left, right)
        case (.seconds(let left), .seconds(let right)): return relation.holds(left, right)
        case (.decimal(let left), .decimal(let right)): return relation.holds(left, right)
        case (.boolean(let left), .boolean(let right)): return left == right
        case (.bytes(let left), .bytes(let right)): return left.elementsEqual(right)
        case (.text(let left), .text(let right)):
            if relation == .equal { return left.elementsEqual(right) }
            // Neither comes before the other where they are equal.
            let isLess = left.lexicographicallyPrecedes(right)
            let isGreater = right.lexicographicallyPrecedes(left)
            return relation.holds(isLess ? 0 : isGreater ? 2 : 1, 1)
        case (.address(let left), .network(let right)): return right.contains(left)
        case (.name(let left), .name(let right)):
            guard case .name(let names, _) = type, let index = names.firstIndex(of: right) else { return false }
            return relation.holds(left, index)
        default: return false
        }
    }

    fileprivate func lies(in range: FilterRange, _ type: FilterType) -> Bool {
        if range.first == range.last { return holds(.equal, range.first, type) }
        if case (.address(let address), .network(let first), .network(let last)) = (self, range.first, range.last) {
            return address.isIPv6 == first.address.isIPv6 && first.address <= address && address <= last.address
        }
        return holds(.greaterOrEqual, range.first, type) && holds(.lessOrEqual, range.last, type)
    }
}
