/// A filter as a tree. Its description is the filter again, in one way of writing.
public indirect enum FilterExpression: Equatable {
    case test(FilterOperand, FilterCondition)
    case not(FilterExpression)
    case all([FilterExpression])
    case any([FilterExpression])
    /// What belongs to connections that were chosen before.
    case chosen(ChosenConnections)

    /// Reads a filter; see docs/filters.md.
    public init(_ filter: String) throws(FilterError) {
        self = try FilterParser.parse(filter)
    }

    /// One that holds where all of them do; `nil` where there are none.
    public static func joined(_ expressions: [FilterExpression]) -> FilterExpression? {
        expressions.count > 1 ? .all(expressions) : expressions.first
    }

    /// The fields that it looks at.
    public var fields: Set<FilterField> {
        switch self {
        case .test(let operand, _): [operand.field]
        case .not(let inner): inner.fields
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.fields) }
        case .chosen: []
        }
    }
}

extension FilterExpression: CustomStringConvertible {
    public var description: String {
        switch self {
        case .test(let operand, let condition): "\(operand)\(condition)"
        case .not(let inner): "not \(inner.grouped)"
        case .all(let parts): parts.map(\.grouped).joined(separator: " and ")
        case .any(let parts): parts.map(\.grouped).joined(separator: " or ")
        case .chosen(let chosen): "connections where (\(chosen.expression))"
        }
    }

    /// In parentheses where it has parts.
    private var grouped: String {
        switch self {
        case .test, .not, .chosen: description
        case .all, .any: "(\(description))"
        }
    }
}
