/// What a test looks at: a field, or a function of it.
public struct FilterOperand: Equatable, Sendable {
    public let field: FilterField
    public let function: FilterFunction?

    /// - Precondition: the function takes fields of this type; the parser sees to that.
    public init(_ field: FilterField, _ function: FilterFunction? = nil) {
        self.field = field
        self.function = function
    }

    var type: FilterType { function.flatMap { $0.result(of: field.type) } ?? field.type }
}

extension FilterOperand: CustomStringConvertible {
    public var description: String { function.map { "\($0.rawValue)(\(field.rawValue))" } ?? field.rawValue }
}
