import TapBytes
import TapPackets

/// What waits in both directions: the order within a connection is that of TCP, whatever order the capture has.
extension TCPFlow {
    /// Passes on what waits no longer, for bytes before it or for those of the peer that its sender had seen.
    @usableFromInline
    static func settleHoles<Sink: StreamSink & ~Copyable>(
        _ sender: inout TCPDirection, _ receiver: inout TCPDirection, on stream: StreamID, _ peer: StreamID,
        in packet: PacketHeader, _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        while true {
            let before = (sender.expected, receiver.expected)
            if sender.held != nil {
                sender.checkHole(after: receiver.passedOn, on: stream, in: packet, &budget, to: &sink)
            }
            guard sender.isWanted else { return }
            if receiver.held != nil {
                receiver.checkHole(after: sender.passedOn, on: peer, in: packet, &budget, to: &sink)
            }
            guard receiver.isWanted, before != (sender.expected, receiver.expected) else { return }
        }
    }

    /// Passes on all that waits, with its holes: of two holes the one before the earlier packet first.
    static func finishHoles(
        _ first: inout TCPDirection, _ second: inout TCPDirection, on stream: StreamID, _ peer: StreamID,
        _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) {
        while first.isWanted, second.isWanted, first.held != nil || second.held != nil {
            if first.isToBeFinished(before: second) {
                first.declareHole(.end, after: second.passedOn, on: stream, &budget, to: &sink)
            } else {
                second.declareHole(.end, after: first.passedOn, on: peer, &budget, to: &sink)
            }
            first.release(after: second, on: stream, &budget, to: &sink)
            guard first.isWanted else { return }
            second.release(after: first, on: peer, &budget, to: &sink)
            guard second.isWanted else { return }
            first.release(after: second, on: stream, &budget, to: &sink)
        }
    }
}

extension TCPDirection {
    /// Passes on what waited for bytes of the peer that were passed on by now.
    fileprivate mutating func release(
        after peer: TCPDirection, on stream: StreamID, _ budget: inout HeldBudget,
        to sink: inout some StreamSink & ~Copyable
    ) {
        drain(after: peer.passedOn, on: stream, &budget, to: &sink)
    }

    /// Whether its hole is to be given up before the peer's: holes before segments that only wait, and those that come
    /// before earlier packets first.
    fileprivate func isToBeFinished(before peer: TCPDirection) -> Bool {
        guard let held else { return false }
        guard let other = peer.held else { return true }
        let (isHole, isOtherHole) = (!held.isContinuous(at: expected), !other.isContinuous(at: peer.expected))
        guard isHole == isOtherHole else { return isHole }
        guard let first = held.first else { return true }
        guard let second = other.first else { return false }
        return first.packet.number.rawValue <= second.packet.number.rawValue
    }
}
