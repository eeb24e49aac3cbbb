import TapCore
import TapSecurity

/// What is known of a connection of QUIC.
package struct QUICFacts: Equatable, Sendable {
    package internal(set) var tls = TLSFacts()
    /// The version of its packets; the last where its peers changed it.
    package internal(set) var version: QUICVersion?
    /// What the client would speak, the best first. RFC 7301.
    package internal(set) var offeredProtocols: [String] = []

    package init() {}
}

/// How a peer closed a connection. RFC 9000 §19.19.
package struct QUICClose: Equatable, Sendable {
    package let code: UInt64
    /// Whether the code is of the protocol that QUIC carries.
    package let isApplication: Bool
}

/// What happens on a connection of QUIC beside the data of its streams.
package enum QUICEvent: Equatable, Sendable {
    /// The client's hello came.
    case hello
    /// A receiver of this direction may be addressed by this ID.
    case receiverID(QUICConnectionID)
    /// The first packet with data was opened.
    case dataBegins
    /// The sender gives up a stream, of which it has sent so many bytes. RFC 9000 §19.4.
    case reset(stream: UInt64, code: UInt64)
    /// The sender does not want to receive any more of a stream. RFC 9000 §19.5.
    case stopSending(stream: UInt64, code: UInt64)
    case closed(QUICClose)
    /// Packets of this direction were received by its peer, and are not in the capture.
    case packetsMissing
    case limitReached(QUICLimitKind)
}

/// Limits that were reached; each is given once.
package enum QUICLimitKind: Hashable, Sendable {
    case streams, heldBytes
}

/// How much the reading of one connection of QUIC may hold and try.
package struct QUICLimits: Sendable {
    /// How many streams are followed at the same time.
    package var streams = 4_096
    /// How many packets wait for a handshake whose packets come in another order.
    package var reorderedPackets = 64
    /// How many connection IDs of a side are remembered.
    package var ids = 32
    /// How often it is tried to open packets with keys that may not be theirs.
    package var tries = 256
    /// How long what was acknowledged and not captured may still come, in nanoseconds.
    package var patience: Int64 = 25_000_000
    /// The same for what may be sent again.
    package var patienceWithRepeats: Int64 = 1_000_000_000

    package init() {}
}

/// Receives what the streams of connections of QUIC carry.
package protocol QUICSink: ~Copyable {
    /// Bytes of a stream, in order. They are borrowed: copy what must outlive the call. Answers whether more of it is wanted.
    mutating func received(
        _ bytes: RawSpan, of stream: UInt64, on direction: Direction, in packet: PacketHeader
    ) -> Bool
    /// Bytes of a stream were sent but are not in the capture.
    mutating func missed(_ count: UInt64, of stream: UInt64, on direction: Direction, before packet: PacketHeader)
    /// The sender has no more to send on a stream (FIN).
    mutating func ended(_ stream: UInt64, on direction: Direction, in packet: PacketHeader)
    mutating func found(_ event: QUICEvent, on direction: Direction, in packet: PacketHeader)
}
