import TapCore

/// Whether what a stream carries is of use to its receiver.
package enum HTTP2Interest: Sendable {
    case wanted
    /// It cannot tell yet; of a stream whose request is not known, that goes on for ``HTTP2Limits/candidateBytes``.
    case undecided
    /// Nothing more of the stream is given.
    case unwanted
}

/// What is missing of a stream.
package struct HTTP2Loss: Equatable, Sendable {
    /// So many bytes are missing, or at most so many.
    package let bytes: UInt64
    package let isExact: Bool

    package init(bytes: UInt64, isExact: Bool) {
        self.bytes = bytes
        self.isExact = isExact
    }
}

/// A window that was exhausted: its sender had to wait. RFC 9113 §5.2.
package struct HTTP2Stall: Equatable, Sendable {
    /// The stream, or the connection where it is the window of all streams together.
    package let stream: HTTP2StreamID
    /// The packet in which the last byte was sent that the window allowed.
    package let since: PacketHeader
    /// The packet that opened it again; `nil` where none did before the end.
    package let until: PacketHeader?
    /// In nanoseconds, up to the end where it was not opened.
    package let duration: Int64
}

/// What one frame of SETTINGS says, each parameter with the value that it had last. RFC 9113 §6.5.
package struct HTTP2Settings: Equatable, Sendable {
    package var headerTableSize: UInt32?
    package var enablePush: UInt32?
    package var maxConcurrentStreams: UInt32?
    package var initialWindowSize: UInt32?
    package var maxFrameSize: UInt32?
    package var maxHeaderListSize: UInt32?
    /// RFC 8441 §3.
    package var enableConnectProtocol: UInt32?

    package init() {}
}

/// What happens on a connection beside the data of its tunnels.
package enum HTTP2Event: Equatable, Sendable {
    /// An extended CONNECT for WebSocket opens a tunnel. Also a request that asks for WebSocket as HTTP/1.1 does, which no
    /// server can grant; and one of which too little is known to tell: ``HTTP2Head/isWhole``.
    case request(HTTP2Head)
    /// A response to such a request, or on a stream whose request is not known; it may be an interim one.
    case response(HTTP2Head)
    case trailers(HTTP2Head)
    /// Data come of a stream whose request is not known: it may be a tunnel.
    case candidate(HTTP2StreamID)
    /// The sender is done with a stream: END_STREAM.
    case ended(HTTP2StreamID)
    /// The sender gives up a stream.
    case reset(HTTP2StreamID, StreamReset, code: UInt32)
    /// A stream is no longer followed, because there are too many, or since its receiver did not decide.
    case released(HTTP2StreamID)
    case goAway(lastStream: HTTP2StreamID, code: UInt32)
    case settings(HTTP2Settings)
    case stall(HTTP2Stall)
    case violation(HTTP2Violation)
    /// It is not known where the next frame begins.
    case alignmentLost
    /// It is known again; so many bytes were not read, or are missing.
    case alignmentFound(skipped: UInt64)
    /// Header blocks are decoded without what was inserted into the table before.
    case fieldsLost
    /// It is no HTTP/2: nothing more is read of this direction.
    case notHTTP2
    case limitReached(HTTP2LimitKind)
}

/// Receives what happens on the tunnels of HTTP/2 connections.
package protocol HTTP2Sink: ~Copyable {
    /// Data of a tunnel, in order. They are borrowed: copy what must outlive the call.
    mutating func received(
        _ data: RawSpan, of stream: HTTP2StreamID, on direction: Direction, in packet: PacketHeader
    ) -> HTTP2Interest
    /// Data of a tunnel may be missing here.
    mutating func missed(
        _ loss: HTTP2Loss, of stream: HTTP2StreamID, on direction: Direction, before packet: PacketHeader)
    mutating func found(_ event: HTTP2Event, on direction: Direction, in packet: PacketHeader)
}

/// What was seen of a connection that is not given one by one.
package struct HTTP2Counts: Equatable, Sendable {
    /// Frames of both directions.
    package var frames: UInt64 = 0
    /// Requests that are neither for a tunnel nor a candidate, and those of them that are gRPC by their content type.
    package var ordinaryRequests: UInt64 = 0
    package var gRPCRequests: UInt64 = 0
    /// CONNECT without `:protocol`, and with one that is not WebSocket.
    package var connects: UInt64 = 0
    package var otherProtocols: UInt64 = 0
    package var pushes: UInt64 = 0
    package var tunnels: UInt64 = 0
    /// Frames that some attacks consist of.
    package var resets: UInt64 = 0
    package var settings: UInt64 = 0
    package var pings: UInt64 = 0
    package var continuations: UInt64 = 0
    package var emptyData: UInt64 = 0
    package var unknownFrames: UInt64 = 0
    /// Header blocks that could not be decoded, or not to their end.
    package var lostBlocks: UInt64 = 0
    /// Streams that were let go because there were too many.
    package var releasedStreams: UInt64 = 0

    package init() {}
}
