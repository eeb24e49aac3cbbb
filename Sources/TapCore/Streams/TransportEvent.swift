/// What TCP itself had to do, beside what it carried.
@usableFromInline
package enum TransportEvent: Equatable, Sendable {
    /// The connection is open: how long the three segments took for that, in nanoseconds, from the SYN to what acknowledged
    /// its answer. RFC 9293 §3.5.
    case opened(Int64)
    /// The same once more, just before the connection is over.
    case roundTrip(Int64)
    /// Bytes that were seen before were sent again.
    case retransmission
    /// For a while, who sends in the stream let its peer send nothing.
    case closedWindow(ClosedWindow)
}

/// A time in which a peer let the other send nothing, as far as the capture shows that. RFC 9293 §3.8.6.
@usableFromInline
package struct ClosedWindow: Equatable, Sendable {
    /// The packet that closed the window.
    package let closedIn: PacketNumber
    /// The packet that opened it, or the last one that said that it is closed.
    package let lastIn: PacketNumber
    /// Whether that was the one that opened it.
    package let isOpened: Bool
    /// From one to the other, in nanoseconds.
    package let duration: Int64

    package init(closedIn: PacketNumber, lastIn: PacketNumber, isOpened: Bool, duration: Int64) {
        self.closedIn = closedIn
        self.lastIn = lastIn
        self.isOpened = isOpened
        self.duration = duration
    }
}
