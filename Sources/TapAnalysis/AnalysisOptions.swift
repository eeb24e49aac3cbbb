import TapCore
import TapSubprotocols
import TapTransport

/// What the analysis is to observe, and what it may cost.
public struct AnalysisOptions: Sendable {
    public var streams = StreamLimits()
    public var fragments = FragmentLimits()
    /// WebSocket connections followed at once; of one more only the handshake is observed.
    public var connectionLimit = 1_000_000
    /// Whether handshakes and connections are observed one by one; they are judged and counted in any case.
    public var observesConnections = true
    /// Whether frames are observed one by one; they are counted in any case.
    public var observesFrames = true
    /// Whether messages are observed one by one; they are counted, inflated and checked in any case.
    public var observesMessages = false
    /// Whether each message that is observed has a digest of all that it says, however little of its payload is kept.
    public var digestsMessages = false
    /// Whether legs of one exchange that have no key in common are looked for; it takes frames that are observed one by one.
    public var findsPairs = true
    /// Whether messages are read in the protocol that they belong to.
    public var decodesMessages = false
    /// Whether there is more to do with each frame than to count it.
    var wantsEachFrame: Bool { observesFrames || observesMessages || decodesMessages }
    /// How messages are read.
    public var decoding = DecodingOptions()
    /// Nanoseconds from which on an answer is slow, the server's to an upgrade request as any in messages.
    public var slow: Int64 {
        get { decoding.limits.slow }
        set { decoding.limits.slow = newValue }
    }
    /// Payload bytes that are kept of each frame and of each message. Control frames are always read.
    public var payloadLimit = 1 << 20
    /// Payload bytes kept of all frames and messages that are still incomplete.
    public var pendingPayloadLimit = 16 << 20
    /// The most bytes that one message is inflated to; what is more is not looked at.
    public var inflatedLimit: UInt64 = 64 << 20
    /// How many times its size on the wire a message may inflate to, once it is larger than ``inflationRatioFrom``.
    public var inflationRatio: UInt64 = 200
    /// Directions of connections whose compressed messages can be inflated at once. Each costs up to 40 KB.
    public var inflaterLimit = 4_096
    /// Bytes that are looked at of an HTTP head. The fields of an upgrade have 4 KiB more.
    public var headLimit = 64 << 10
    /// Bytes that are held after an upgrade request until its response is seen.
    public var heldUpgradeLimit = 64 << 10
    /// Bytes held of unfinished HTTP heads and undecided upgrades, in all connections.
    public var heldHTTPLimit = 16 << 20
    /// TCP connections with payload of which it is not known yet whether they are WebSocket; of more, one that holds nothing is
    /// given up.
    public var undecidedLimit = 65_536
    /// Requests on one connection that wait for their responses.
    public var pipelineLimit = 256
    /// Streams of one connection of HTTP/2 that are followed at once, of those that are WebSocket or may be.
    public var streamLimit = 4_096
    /// Findings of one connection, those of its handshake included, that are told one by one; more are only counted.
    public var findingsPerConnection = 100
    /// Frames, messages and findings that one packet may bring, as where a hole before many small frames is filled; more
    /// are only counted.
    public var observationsPerPacket = 1 << 16
    /// Payload bytes that are kept of all that one packet brings.
    public var payloadPerPacket = 8 << 20
    /// The keys for TLS, and what reading it may cost.
    public var tls = TLSOptions()

    /// Bytes from which on a message's inflation ratio is looked at: small messages of zeros are harmless.
    public static let inflationRatioFrom: UInt64 = 1 << 20

    public init() {}

    /// How many shards the connections are divided into. Each has an equal share of the shared limits, so that the result
    /// does not depend on the number of analyzers. With limits below the usual ones there is one shard, which keeps them
    /// exactly.
    package var parts: Int {
        let usual = AnalysisOptions()
        let isUsual =
            streams.flows >= usual.streams.flows && streams.closedFlows >= usual.streams.closedFlows
            && streams.heldBytes >= usual.streams.heldBytes
            && streams.recentBytes >= usual.streams.recentBytes && connectionLimit >= usual.connectionLimit
            && pendingPayloadLimit >= usual.pendingPayloadLimit && inflaterLimit >= usual.inflaterLimit
            && heldHTTPLimit >= usual.heldHTTPLimit && undecidedLimit >= usual.undecidedLimit
            && tls.areLimitsUsual
        return isUsual ? FlowKey.parts : 1
    }

    /// The limits on the streams of one part.
    var streamsOfPart: StreamLimits {
        var limits = streams
        limits.flows /= parts
        limits.closedFlows /= parts
        limits.heldBytes /= parts
        limits.recentBytes /= parts
        return limits
    }
}
