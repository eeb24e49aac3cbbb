/// One named fact that shows a finding to be true.
public struct Evidence: Equatable, Sendable, Codable {
    public enum Value: Equatable, Sendable, Codable {
        case text(String)
        case number(UInt64)
        case list([String])
    }

    public let name: String
    public let value: Value

    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}
