/// How much the reading of one HTTP/2 connection may hold and give.
package struct HTTP2Limits: Equatable, Sendable {
    /// How many streams are followed at the same time; of more, the oldest is let go, preferably one with a side that is over.
    package var streams = 4_096
    /// How many streams are given without their request being known, at the same time.
    package var candidates = 256
    /// How much of such a stream is given before its receiver must have decided, in bytes of both directions.
    package var candidateBytes = 65_536
    /// How many streams that are stepped over are remembered where not every request was captured.
    package var ignoredStreams = 4_096
    /// How long a header block may be, in bytes on the wire; a longer one is not decoded to its end.
    package var blockBytes = 262_144
    /// How much of the fields of a head is kept, in bytes of names and values, and ``HTTP2Limits/fieldCost`` for each.
    package var headBytes = 65_536
    /// How large a dynamic table of field lines may become, in bytes as RFC 7541 §4.1 counts them.
    package var tableBytes = 65_536
    /// How often decoding of a direction's header blocks begins anew without knowing the dynamic table.
    package var tableRestarts = 16
    /// How many violations are given.
    package var violations = 1_000
    /// How many frames of SETTINGS of each side are given.
    package var settings = 100
    /// How many settings that wait for their acknowledgement are remembered for each side.
    package var openSettings = 64
    /// How long a window must be exhausted for that to be given, in nanoseconds.
    package var stallTime: Int64 = 100_000_000

    package init() {}

    /// What a field costs beside its bytes.
    static let fieldCost = 64
}

/// Limits that were reached; each is given once.
package enum HTTP2LimitKind: Hashable, Sendable, CaseIterable {
    case streams, candidates, candidateBytes, ignoredStreams, blockBytes, headBytes, tableRestarts, violations, settings
    case openSettings
}
