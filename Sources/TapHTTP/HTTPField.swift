/// One header field as it was sent; fields folded over several lines are joined by a space.
public struct HTTPField: Equatable, Sendable {
    public let name: String
    public internal(set) var value: String
    /// The same for names that are the same in any case: a handshake is asked for many fields, most of which it lacks.
    let nameHash: Int

    public init(name: String, value: String) {
        self.name = name
        self.value = value
        nameHash = HTTPField.hash(of: name)
    }

    /// Length, first and last letter: enough to tell nearly all fields apart, and a collision costs a comparison, no more.
    static func hash(of name: String) -> Int {
        let bytes = name.utf8
        guard let first = bytes.first, let last = bytes.last else { return 0 }
        return bytes.count << 16 | Int(HTTPText.lowered(first)) << 8 | Int(HTTPText.lowered(last))
    }
}
