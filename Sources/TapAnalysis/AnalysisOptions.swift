import TapStreams

/// What the analysis is to observe, and what it may cost.
public struct AnalysisOptions: Sendable {
    public var streams = StreamLimits()
    /// Whether frames are observed one by one; they are counted in any case.
    public var observesFrames = true
    /// Payload bytes that are kept of each frame. Close frames are always read.
    public var payloadLimit = 1 << 20
    /// Payload bytes kept of all frames that are still incomplete.
    public var pendingPayloadLimit = 16 << 20
    /// The longest HTTP head, in bytes.
    public var headLimit = 64 << 10
    /// Bytes that are held after an upgrade request until its response is seen.
    public var heldUpgradeLimit = 64 << 10
    /// Bytes held of unfinished HTTP heads and undecided upgrades, in all connections.
    public var heldHTTPLimit = 16 << 20
    /// Requests on one connection that wait for their responses.
    public var pipelineLimit = 256
    /// Findings of one connection that are told one by one; more are only counted.
    public var findingsPerConnection = 100

    public init() {}
}
