/// What a head does that RFC 9112 forbids or discourages, and that many parsers accept all the same.
public struct HTTPOddities: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A line that ends in LF without CR (§2.2).
    public static let bareLineFeed = HTTPOddities(rawValue: 1)
    /// A field value that goes on in the next line (§5.2).
    public static let foldedLine = HTTPOddities(rawValue: 2)
    /// White space between a field's name and the colon (§5.1).
    public static let spaceBeforeColon = HTTPOddities(rawValue: 4)
    /// A line that is no header field.
    public static let malformedLine = HTTPOddities(rawValue: 8)
}
