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
    public var summary: String {
        get { String(decoding: line, as: UTF8.self) }
        set { line = Array(newValue.utf8) }
    }
    /// The bytes of ``summary``; they are as valid as those of the message.
    package var line: [UInt8] = []
    public var answer: Answer?
    /// Whether it says no more than that its sender is alive.
    public var isHeartbeat = false
    private var details: Details?

    init(_ protocol: ApplicationProtocol, _ kind: String, name: String? = nil, id: String? = nil, summary: String = "")
    {
        self.protocol = `protocol`
        self.kind = kind
        self.name = name
        self.id = id
        if !summary.isEmpty { self.summary = summary }
    }

    /// Adds a field if there is something to show.
    mutating func show(_ name: String, _ value: String?) {
        if let value { fields.append(Field(name: name, value: value)) }
    }

    /// Whether it has neither fields nor secrets, and nothing is wrong with it.
    package var isOrdinary: Bool { details == nil }

    public var fields: [Field] {
        get { details?.values.fields ?? [] }
        set { change { $0.fields = newValue } }
    }

    public var error: Failure? {
        get { details?.values.error }
        set { change { $0.error = newValue } }
    }

    public var malformed: Fault? {
        get { details?.values.malformed }
        set { change { $0.malformed = newValue } }
    }

    /// Where passwords and tokens lie in the message's payload, in bytes; in order.
    public var secrets: [Range<Int>] {
        get { details?.values.secrets ?? [] }
        set { change { $0.secrets = newValue } }
    }

    private mutating func change(_ body: (inout Values) -> Void) {
        var values = details?.values ?? Values()
        body(&values)
        details = values == Values() ? nil : Details(values)
    }
}

extension ApplicationItem {
    /// What few units have.
    fileprivate struct Values: Equatable {
        var fields: [Field] = []
        var error: Failure?
        var malformed: Fault?
        var secrets: [Range<Int>] = []
    }

    /// The same in memory of its own, so that it costs the others next to nothing.
    fileprivate final class Details: Equatable, Sendable {
        let values: Values

        init(_ values: Values) { self.values = values }

        static func == (one: Details, other: Details) -> Bool { one.values == other.values }
    }
}
