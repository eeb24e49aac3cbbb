/// How much annotators may remember of one connection and of all, and from when on an answer is slow.
public struct ApplicationLimits: Equatable, Sendable {
    /// Requests of one connection that wait for an answer. The oldest is forgotten where there would be more.
    public var openRequests = 1_024
    /// The same, of all connections; each may still have one.
    public var openRequestsInAll = 262_144
    /// Units of one message that become items; of further ones it is told that they were left out.
    public var itemsPerMessage = 1_024
    /// Messages of a connection that are looked at to recognise a protocol that neither the handshake nor the path names.
    public var messagesToRecognize = 32
    /// An answer that takes longer is slow, in nanoseconds.
    public var slow: Int64 = 1_000_000_000

    public init() {}
}

/// The requests that wait for an answer in all connections; shared by those that are followed together.
public struct ApplicationRoom: Sendable {
    public internal(set) var openRequests = 0
    /// Requests that were forgotten because of a limit, so that no answer to them was recognised.
    public internal(set) var forgottenRequests: UInt64 = 0
    /// Units that were left out because a message held too many.
    public internal(set) var itemsLeftOut: UInt64 = 0
    /// Memory for the JSON of a message, used over and over.
    var spareDocument: JSONDocument?

    public init() {}

    /// What was not kept so far.
    package var leftOut: (items: UInt64, requests: UInt64) { (itemsLeftOut, forgottenRequests) }
}
