/// One unit of an application's protocol inside a message: a packet, a frame, a call, an answer.
///
/// Texts come from the wire as they are: whoever shows them escapes them.
public struct ApplicationItem: Equatable, Sendable {
    /// A member that is worth showing, as text.
    public struct Field: Equatable, Sendable {
        public let name: String
        public let value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The protocol says that something failed.
    public struct Failure: Equatable, Sendable {
        /// The protocol's own code or name of the failure.
        public var code: String?
        public var text: String?

        public init(code: String? = nil, text: String? = nil) {
            self.code = code
            self.text = text
        }
    }

    /// Which message this one answers.
    public struct Answer: Equatable, Sendable {
        /// The number of that message in the connection.
        public var message: Int
        /// Nanoseconds from its last byte to the last byte of this one; `nil` where the clock stepped back.
        public var latency: Int64?
    }

    /// Why only a part of the unit could be read.
    public struct Fault: Equatable, Sendable {
        public var reason: String
        /// Where in the message's payload, in bytes.
        public var offset: Int
    }

    public var `protocol`: ApplicationProtocol
    /// The protocol's own word for this kind of unit.
    public var kind: String
    /// What it is about: a method, a topic, a destination.
    public var name: String?
    /// The protocol's own id.
    public var id: String?
    /// One line of what it says.
    public var summary: String
    public var fields: [Field] = []
    public var error: Failure?
    public var answer: Answer?
    /// Whether it says no more than that its sender is alive.
    public var isHeartbeat = false
    public var malformed: Fault?
    /// Where passwords and tokens lie in the message's payload, in bytes; in order.
    public var secrets: [Range<Int>] = []

    init(_ protocol: ApplicationProtocol, _ kind: String, name: String? = nil, id: String? = nil, summary: String = "")
    {
        self.protocol = `protocol`
        self.kind = kind
        self.name = name
        self.id = id
        self.summary = summary
    }

    /// Adds a field if there is something to show.
    mutating func show(_ name: String, _ value: String?) {
        if let value { fields.append(Field(name: name, value: value)) }
    }
}
