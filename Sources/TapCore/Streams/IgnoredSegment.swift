/// A segment that its receiver does not act on, or did not, as what follows shows.
@usableFromInline
package struct IgnoredSegment: Equatable, Sendable {
    /// Why it is not believed. RFC 9293 §3.10.7.4.
    @usableFromInline
    package enum Reason: String, Sendable {
        /// It has no ACK flag.
        case noAcknowledgment = "no-ack-flag"
        /// It acknowledges bytes that its receiver never sent.
        case acknowledgesUnsent = "acknowledges-unsent"
        /// It lies before or behind what its receiver would look at.
        case outsideWindow = "outside-window"
        /// A RST that does not lie at the next byte exactly. RFC 5961 §3.2.
        case notNext = "not-next"
        /// A SYN in the middle of a connection, which nobody went on from. RFC 5961 §4.2.
        case otherInitialNumber = "other-initial-number"
        /// A RST or FIN whose sender went on all the same.
        case goneOn = "went-on"
        /// Its bytes were reported as missing before it came.
        case late
    }

    @usableFromInline package let reason: Reason
    @usableFromInline package let flags: TCPFlags
    @usableFromInline package let sequenceNumber: SequenceNumber
    /// The payload's length in bytes; where it is late, how many of them were reported as missing.
    @usableFromInline package let length: Int
    /// How far it lies ahead of the next byte.
    @usableFromInline package let ahead: Int

    @usableFromInline
    package init(
        _ reason: Reason, _ flags: TCPFlags, at sequenceNumber: SequenceNumber, length: Int, ahead: Int
    ) {
        self.reason = reason
        self.flags = flags
        self.sequenceNumber = sequenceNumber
        self.length = length
        self.ahead = ahead
    }
}
