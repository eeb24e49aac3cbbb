/// A TCP segment found in a packet. Its payload is named by its place in the packet's bytes, so that nothing is copied.
@usableFromInline
package struct TCPSegment: Equatable, Sendable {
    @usableFromInline package var network: NetworkID
    @usableFromInline package var source: Endpoint
    @usableFromInline package var destination: Endpoint
    @usableFromInline package var sequenceNumber: SequenceNumber
    @usableFromInline package var acknowledgmentNumber: SequenceNumber
    @usableFromInline package var flags: TCPFlags
    /// Where the captured part of the payload lies in the packet.
    @usableFromInline package var payload: Range<Int>
    /// The payload's length on the wire in bytes; the capture may hold fewer.
    @usableFromInline package var payloadLength: Int
    /// Where the header begins in the packet; where the payload does, if there is no header to look at.
    @usableFromInline package var headerStart: Int
    /// The window as it is sent, before any scaling.
    @usableFromInline package var window: UInt16
    /// By how many bits the sender's windows are to be shifted: a SYN's option. RFC 7323 §2.2.
    @usableFromInline package var windowScale: UInt8?

    @inlinable
    package init(
        network: NetworkID = .unnamed, source: Endpoint, destination: Endpoint, sequenceNumber: SequenceNumber,
        acknowledgmentNumber: SequenceNumber, flags: TCPFlags, payload: Range<Int>, payloadLength: Int,
        headerStart: Int? = nil, window: UInt16 = .max, windowScale: UInt8? = nil
    ) {
        self.network = network
        self.source = source
        self.destination = destination
        self.sequenceNumber = sequenceNumber
        self.acknowledgmentNumber = acknowledgmentNumber
        self.flags = flags
        self.payload = payload
        self.payloadLength = payloadLength
        self.headerStart = headerStart ?? payload.lowerBound
        self.window = window
        self.windowScale = windowScale
    }

    /// Where the payload begins; a SYN takes up one number before it.
    @inlinable package var payloadStart: SequenceNumber {
        sequenceNumber.advanced(by: flags.contains(.syn) ? 1 : 0)
    }

    /// Where the payload ends.
    @inlinable package var payloadEnd: SequenceNumber { payloadStart.advanced(by: payloadLength) }
}
