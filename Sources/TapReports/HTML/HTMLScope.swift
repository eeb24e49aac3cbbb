/// What a report in HTML is of, for people who were sent it.
public struct HTMLScope: Sendable {
    /// The captures, without the folders that they lie in.
    public var captures: [String] = []
    /// What was taken out, as `secrets`; `nil` where nothing was.
    public var redaction: String?
    /// The version of the program.
    public var version: String?

    public init() {}
}
