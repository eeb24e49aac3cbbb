/// A form of binary payloads that has no mark of its own.
public enum BinaryForm: String, CaseIterable, Sendable {
    case protobuf
}

/// What is known of a connection before its first message.
public struct ApplicationContext: Equatable, Sendable {
    /// The subprotocol that the server chose; `nil` where it chose none, or its answer was not captured.
    public var subprotocol: String?
    /// The request target's path, and its query without the question mark; empty where unknown.
    public var path: String
    public var query: String
    /// The protocol to read the messages as, whatever they look like.
    public var chosen: ApplicationProtocol?
    /// What binary messages of no known protocol are, where somebody says so.
    public var binaryForm: BinaryForm?

    public init(subprotocol: String?, target: String, chosen: ApplicationProtocol? = nil, binaryForm: BinaryForm? = nil)
    {
        self.subprotocol = subprotocol
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? ""
        query = parts.count > 1 ? String(parts[1]) : ""
        self.chosen = chosen
        self.binaryForm = binaryForm
    }

    /// The value of a parameter in the query, as it is written.
    func parameter(_ name: String) -> Substring? {
        for part in query.split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2, pair[0] == name { return pair[1] }
        }
        return nil
    }
}
