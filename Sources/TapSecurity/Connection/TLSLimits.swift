/// How much the reading of TLS may hold and try.
package struct TLSLimits: Sendable {
    /// What a connection may hold until its keys come, in bytes.
    package var heldBytes = 1 << 20
    /// The same for all connections together.
    package var heldBytesInAll = 64 << 20
    /// How many contexts of ciphers there are at the same time.
    package var ciphers = 4_096
    /// How often it is tried to open a record of one connection whose secret or number is not known.
    package var tries = 4_000_000
    /// The same for all connections together.
    package var triesInAll = 40_000_000
    /// How many sessions are remembered that may be resumed; the oldest are forgotten.
    package var resumableSessions = 4_096
    /// How many connections that are over may wait for their keys, and for how long, in nanoseconds.
    package var parkedConnections = 1_024
    package var parkedTime: Int64 = 10_000_000_000
    /// How many sessions of the log, the newest, are tried for a hello that may be encrypted.
    package var helloSessions = 1_000
    /// How many records are stepped over where only secrets for application data are known.
    package var handshakeRecords = 64

    package init() {}
}
