/// The header fields of one message, in the order in which they were sent. Names match in any case. RFC 9110 §5.
public struct HTTPFields: Equatable, Sendable {
    public private(set) var all: [HTTPField]

    public init(_ all: [HTTPField] = []) { self.all = all }

    /// The values of each line of a field.
    public subscript(name: String) -> [String] {
        let hash = HTTPField.hash(of: name)
        var values: [String] = []
        for index in all.indices where all[index].nameHash == hash && HTTPText.equalsIgnoringCase(all[index].name, name)
        {
            values.append(all[index].value)
        }
        return values
    }

    /// The elements of a comma-separated list that may be spread over several lines. RFC 9110 §5.6.1.
    /// Commas inside quoted strings do not separate; empty elements are left out.
    public func list(_ name: String) -> [String] {
        self[name].flatMap { HTTPText.split($0, at: ",") }
    }

    /// Whether a list contains a token, in any case.
    public func list(_ name: String, contains token: String) -> Bool {
        self[name].contains { value in
            // Most lists have one element.
            HTTPText.equalsIgnoringCase(value, token)
                || HTTPText.split(value, at: ",").contains { HTTPText.equalsIgnoringCase($0, token) }
        }
    }
}
