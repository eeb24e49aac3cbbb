import TapCore

/// The three segments that open a connection, and how long they take. RFC 9293 §3.5.
extension TCPFlow {
    /// Follows a segment of a flow whose first one was a SYN. What was sent twice tells nothing: which of the two was answered
    /// is not known.
    @usableFromInline
    mutating func followOpening(_ segment: borrowing TCPSegment, _ direction: Direction, in packet: PacketHeader) {
        let isFromFirst = direction == .fromFirst
        let sender = isFromFirst ? fromFirst.marks : fromSecond.marks
        let receiver = isFromFirst ? fromSecond.marks : fromFirst.marks
        if segment.flags.contains(.syn) {
            let isAnswer = segment.flags.contains(.ack)
            let isFirst = isAnswer ? receiver.phase != .unseen : packet.number == openedIn
            if sender.phase != .unseen || !isFirst { state = .open }
            return
        }
        state = .open
        // Data may have come later than the acknowledgment, which then is not in the capture.
        guard segment.flags.isPlain, segment.payloadLength == 0, sender[.hasInitial], receiver[.hasInitial] else {
            return
        }
        let initial = isFromFirst ? fromFirst.markedInitial : fromSecond.markedInitial
        let answer = isFromFirst ? fromSecond.markedInitial : fromFirst.markedInitial
        guard segment.sequenceNumber == initial.advanced(by: 1), segment.acknowledgmentNumber == answer.advanced(by: 1)
        else { return }
        // Nothing else has put the flow into the list of silence than its SYN.
        roundTrip = UInt32(exactly: packet.timestamp.since(queuedAt)) ?? 0
    }
}
