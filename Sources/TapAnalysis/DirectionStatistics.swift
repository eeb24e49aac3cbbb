import TapWebSocket

/// What one peer of a connection sent.
public struct DirectionStatistics: Equatable, Sendable, Codable {
    public var frames: UInt64 = 0
    /// Whole messages: those whose last frame was seen.
    public var messages: UInt64 = 0
    /// Payload on the wire, in bytes, without headers; of a frame that was cut off, what was sent of it.
    public var payloadBytes: UInt64 = 0
    public var text: UInt64 = 0
    public var binary: UInt64 = 0
    public var continuation: UInt64 = 0
    public var ping: UInt64 = 0
    public var pong: UInt64 = 0
    public var close: UInt64 = 0
    public var reserved: UInt64 = 0
    /// Bytes that were sent and are not in the capture.
    public var missingBytes: UInt64 = 0
    /// Captured bytes in which no frame could be told, because sync was lost.
    public var undecodedBytes: UInt64 = 0
    /// Segments of TCP that brought bytes which were seen before.
    public var retransmittedSegments: UInt64 = 0
    /// How long it let the other peer send nothing by a window of zero, as far as the capture shows that, in nanoseconds.
    public var zeroWindowTime: Int64 = 0

    public init() {}

    /// Frames that can be a part of a message.
    var dataFrames: UInt64 { text + binary + continuation }
    var controlFrames: UInt64 { ping + pong + close }
}
