/// Receives the ordered bytes of both directions of each flow, without overlaps, with gaps and an end.
///
/// For each flow the calls are: `opened`, then any number of `received`, `missed` and `found`, at most one `ended` for each
/// direction, and one `closed`. Before those for the sake of silence, or of the end of the capture, comes `closing`.
@usableFromInline
package protocol StreamSink: ~Copyable {
    mutating func opened(_ flow: FlowID, _ identity: FlowIdentity, isStartCaptured: Bool)
    /// Bytes that continue the stream. They are borrowed: copy what must outlive the call.
    /// Answers whether the flow is of any further interest; if not, no more bytes of it come.
    /// - Parameter isPeerBehind: whether the sender had acknowledged bytes of its peer that were not passed on yet:
    ///   then the capture does not show the two directions in the order in which the sender saw them.
    mutating func received(
        _ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader, isPeerBehind: Bool
    ) -> Bool
    /// Of a flow of no further interest: the peer whose next bytes are wanted all the same, as a segment of its own brings them.
    func awaitsNext(on flow: FlowID) -> Direction?
    /// What that peer sent next, of a flow of no further interest. Answers whether what it sends after that is wanted, too.
    mutating func receivedNext(_ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader) -> Bool
    /// `count` bytes were sent but are not in the capture.
    mutating func missed(_ count: Int, because reason: GapReason, on stream: StreamID, before packet: PacketHeader)
    /// Something is wrong with a segment that was not taken, or not all of it.
    mutating func found(_ anomaly: SegmentAnomaly, on stream: StreamID, in packet: PacketHeader)
    /// Something happened below the bytes. How long it took to open the connection is told once it is open, and just before `closed`.
    mutating func noted(_ event: TransportEvent, on stream: StreamID, in packet: PacketHeader)
    /// A direction is over; what is missing of it was reported before.
    /// - Parameter packet: that of the FIN or RST, where there was one.
    mutating func ended(_ end: DirectionEnd, on stream: StreamID, in packet: PacketHeader)
    /// What follows is not about the flow of the present packet, but about one that is closed beside it.
    /// - Parameter opening: the packet in which it was opened.
    mutating func closing(_ flow: FlowID, openedIn opening: PacketNumber)
    mutating func closed(_ flow: FlowID, _ key: FlowKey, _ reason: StreamEnd, in packet: PacketHeader)
}

extension StreamSink where Self: ~Copyable {
    /// To most it is all the same.
    @inlinable
    package mutating func noted(_ event: TransportEvent, on stream: StreamID, in packet: PacketHeader) {}

    @inlinable
    package func awaitsNext(on flow: FlowID) -> Direction? { nil }

    @inlinable
    package mutating func receivedNext(_ bytes: RawSpan, on stream: StreamID, in packet: PacketHeader) -> Bool { false }
}
