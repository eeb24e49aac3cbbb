/// What a test asks of the values of a field.
public enum FilterCondition: Equatable {
    /// There is one; a boolean is true.
    case exists
    case compares(FilterRelation, FilterLiteral)
    case contains(FilterPart)
    case matches(FilterPattern)
    case isIn([FilterRange])
}

extension FilterCondition: CustomStringConvertible {
    /// As it is written behind the field.
    public var description: String {
        switch self {
        case .exists: ""
        case .compares(let relation, let literal): " \(relation.rawValue) \(literal)"
        case .contains(let part): " contains \(FilterLiteral.quoted(part.bytes))"
        case .matches(let pattern): " matches \(FilterLiteral.quoted(pattern.source))"
        case .isIn(let ranges): " in {\(ranges.map(\.description).joined(separator: ", "))}"
        }
    }
}
