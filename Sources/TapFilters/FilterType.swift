/// What the values of a field are.
public enum FilterType: Hashable, Sendable {
    /// A whole number. Some of them have names, by number.
    case number(names: [String])
    case boolean
    /// Seconds, kept in nanoseconds.
    case seconds
    case text
    case bytes
    case address
    /// What JSON can hold: a text, a number, or true or false.
    case json
    /// One of a closed list. Where it is ordered, what comes later is greater.
    case name(of: [String], isOrdered: Bool)

    static let number = FilterType.number(names: [])

    /// In the words of the documentation.
    public var name: String {
        switch self {
        case .number(names: []): "number"
        case .number: "number or name"
        case .boolean: "boolean"
        case .seconds: "seconds"
        case .text: "text"
        case .bytes: "bytes"
        case .address: "address"
        case .json: "JSON"
        case .name: "name"
        }
    }

    /// Whether `<` and the like make sense.
    var isOrdered: Bool {
        switch self {
        case .number, .seconds, .text, .json: true
        case .name(_, let isOrdered): isOrdered
        case .boolean, .bytes, .address: false
        }
    }

    /// Whether `contains` makes sense.
    var holdsBytes: Bool {
        switch self {
        case .text, .bytes, .name, .json: true
        case .number, .boolean, .seconds, .address: false
        }
    }

    /// Whether `matches`, `lower` and `upper` make sense.
    var holdsText: Bool { holdsBytes && self != .bytes }
}
