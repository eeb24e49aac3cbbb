import TapSubprotocols

/// How messages are read in the protocol that they belong to.
public struct DecodingOptions: Sendable {
    /// A protocol that somebody chose for the connections to a path.
    public struct Choice: Equatable, Sendable {
        /// The path without the query; a star at its end stands for anything.
        public var path: String
        public var `protocol`: ApplicationProtocol

        public init(path: String, protocol: ApplicationProtocol) {
            self.path = path
            self.protocol = `protocol`
        }

        func holds(for path: some StringProtocol) -> Bool {
            self.path.hasSuffix("*") ? path.hasPrefix(self.path.dropLast()) : path == self.path
        }
    }

    public var limits = ApplicationLimits()
    /// The first that holds counts.
    public var choices: [Choice] = []
    /// What binary messages of no known protocol are.
    public var binaryForm: BinaryForm?
    /// Bytes of a message that is read; longer ones are stepped over.
    public var longestMessage = 1 << 19

    public init() {}

    func choice(for target: String) -> ApplicationProtocol? {
        let path = target.prefix { $0 != "?" }
        return choices.first { $0.holds(for: path) }?.protocol
    }
}
