/// One header field as it was sent; fields folded over several lines are joined by a space.
public struct HTTPField: Equatable, Sendable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
