import TapCore

/// A TCP segment found in a packet. Its payload is named by its place in the packet's bytes, so that nothing is copied.
///
/// Small, since there is one for each packet.
@usableFromInline
package struct TCPSegment: Equatable, Sendable {
    @usableFromInline package let network: NetworkID
    /// Both endpoints, the lower one first.
    @usableFromInline package let key: FlowKey
    /// The window as it is sent, before any scaling.
    @usableFromInline package let window: UInt16
    @usableFromInline package let sequenceNumber: SequenceNumber
    @usableFromInline package let acknowledgmentNumber: SequenceNumber
    @usableFromInline package let flags: TCPFlags
    /// Whether the first endpoint of `key` is the one that sends.
    @usableFromInline package let isFromFirst: Bool
    /// By how many bits the sender's windows are to be shifted: a SYN's option. RFC 7323 §2.2.
    @usableFromInline package let windowScale: UInt8?
    @usableFromInline let headerLength: UInt8
    // Not as wide as a place in memory: no packet is.
    @usableFromInline let start: UInt32
    @usableFromInline let end: UInt32
    @usableFromInline let length: UInt32

    /// - Parameters:
    ///   - payload: where the captured part of the payload lies in the packet.
    ///   - payloadLength: its length on the wire in bytes.
    ///   - headerStart: where the header begins; where the payload does, if there is no header to look at.
    @inlinable
    package init(
        network: NetworkID = .unnamed, source: Endpoint, destination: Endpoint, sequenceNumber: SequenceNumber,
        acknowledgmentNumber: SequenceNumber, flags: TCPFlags, payload: Range<Int>, payloadLength: Int,
        headerStart: Int? = nil, window: UInt16 = .max, windowScale: UInt8? = nil
    ) {
        self.network = network
        isFromFirst = !(destination < source)
        key = FlowKey(first: isFromFirst ? source : destination, second: isFromFirst ? destination : source)
        self.sequenceNumber = sequenceNumber
        self.acknowledgmentNumber = acknowledgmentNumber
        self.flags = flags
        headerLength = UInt8(clamping: payload.lowerBound - (headerStart ?? payload.lowerBound))
        start = UInt32(clamping: payload.lowerBound)
        end = UInt32(clamping: payload.upperBound)
        length = UInt32(clamping: payloadLength)
        self.window = window
        self.windowScale = windowScale
    }

    /// One in no named network, whole in its packet, and no SYN.
    /// - Parameter headerLength: at most 60.
    @inlinable
    @inline(__always)
    init(
        key: FlowKey, isFromFirst: Bool, sequenceNumber: SequenceNumber, acknowledgmentNumber: SequenceNumber,
        flags: TCPFlags, payload: Range<Int>, headerLength: Int, window: UInt16
    ) {
        network = .unnamed
        self.key = key
        self.isFromFirst = isFromFirst
        self.sequenceNumber = sequenceNumber
        self.acknowledgmentNumber = acknowledgmentNumber
        self.flags = flags
        self.headerLength = UInt8(truncatingIfNeeded: headerLength)
        start = UInt32(truncatingIfNeeded: payload.lowerBound)
        end = UInt32(truncatingIfNeeded: payload.upperBound)
        length = end &- start
        self.window = window
        windowScale = nil
    }

    @inlinable package var source: Endpoint { isFromFirst ? key.first : key.second }
    @inlinable package var destination: Endpoint { isFromFirst ? key.second : key.first }

    /// Where the captured part of the payload lies in the packet.
    @inlinable package var payload: Range<Int> { Range(uncheckedBounds: (Int(start), Int(end))) }

    /// The payload's length on the wire in bytes; the capture may hold fewer.
    @inlinable package var payloadLength: Int { Int(length) }

    /// Where the header begins in the packet; where the payload does, if there is no header to look at.
    @inlinable package var headerStart: Int { Int(start) - Int(headerLength) }

    /// Whether there is no header: the capture holds only what the segment carried.
    package var isHeaderless: Bool { headerLength == 0 }

    /// The next byte of the peer that the sender expects, where it says so.
    package var acknowledged: SequenceNumber? { flags.contains(.ack) ? acknowledgmentNumber : nil }

    /// Where the payload begins; a SYN takes up one number before it.
    @inlinable package var payloadStart: SequenceNumber {
        sequenceNumber.advanced(by: flags.contains(.syn) ? 1 : 0)
    }

    /// Where the payload ends.
    @inlinable package var payloadEnd: SequenceNumber { payloadStart.advanced(by: payloadLength) }
}
