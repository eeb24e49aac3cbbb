/// What a test looks at: a field, or a function of it.
public struct FilterOperand: Equatable, Sendable {
    /// A step into JSON.
    public enum Step: Equatable, Sendable {
        case member(String)
        case element(Int)
    }

    public let field: FilterField
    public let function: FilterFunction?
    /// Where in a message that is JSON the value stands.
    public let path: [Step]

    /// - Precondition: the function takes fields of this type; the parser sees to that.
    public init(_ field: FilterField, _ function: FilterFunction? = nil, path: [Step] = []) {
        self.field = field
        self.function = function
        self.path = path
    }

    var type: FilterType { function.flatMap { $0.result(of: field.type) } ?? field.type }
}

extension FilterOperand: CustomStringConvertible {
    public var description: String {
        let steps = path.map { step in
            switch step {
            case .member(let name): "[\(FilterLiteral.quoted(Array(name.utf8)))]"
            case .element(let index): "[\(index)]"
            }
        }
        let name = field.rawValue + steps.joined()
        return function.map { "\($0.rawValue)(\(name))" } ?? name
    }
}
