import TapCore

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
            passOnReady(&sender, &receiver, on: stream, peer, &budget, to: &sink)
            guard sender.isWanted, receiver.isWanted else { return }
            if sender.held != nil {
                sender.checkHole(
                    after: receiver.passedOn, isAlone: receiver.held == nil, on: stream, in: packet, &budget, to: &sink)
            }
            guard sender.isWanted else { return }
            if receiver.held != nil {
                receiver.checkHole(
                    after: sender.passedOn, isAlone: sender.held == nil, on: peer, in: packet, &budget, to: &sink)
            }
            guard receiver.isWanted, before != (sender.expected, receiver.expected) else { return }
        }
    }

    /// Passes on what waits no longer in either direction, by its packets where neither had seen the other.
    private static func passOnReady<Sink: StreamSink & ~Copyable>(
        _ first: inout TCPDirection, _ second: inout TCPDirection, on stream: StreamID, _ peer: StreamID,
        _ budget: inout HeldBudget, to sink: inout Sink
    ) {
        while first.isWanted, second.isWanted, let held = first.held, let other = second.held {
            let (passedOn, peerPassedOn) = (first.passedOn, second.passedOn)
            let packet = held.readyPacket(at: first.expected, after: peerPassedOn)
            let otherPacket = other.readyPacket(at: second.expected, after: passedOn)
            guard packet != nil || otherPacket != nil else { return }
            if let packet, otherPacket.map({ packet < $0 }) ?? true {
                first.drain(after: peerPassedOn, most: 1, on: stream, &budget, to: &sink)
            } else {
                second.drain(after: passedOn, most: 1, on: peer, &budget, to: &sink)
            }
        }
    }

    /// Passes on all that waits, with its holes: of two holes the one before the earlier packet first.
    static func finishHoles(
        _ first: inout TCPDirection, _ second: inout TCPDirection, on stream: StreamID, _ peer: StreamID,
        _ budget: inout HeldBudget, to sink: inout some StreamSink & ~Copyable
    ) {
        while first.isWanted, second.isWanted, first.held != nil || second.held != nil {
            let before = (first.expected, second.expected)
            passOnReady(&first, &second, on: stream, peer, &budget, to: &sink)
            guard first.isWanted, second.isWanted else { return }
            if second.held == nil { first.drain(after: second.passedOn, on: stream, &budget, to: &sink) }
            guard first.isWanted else { return }
            if first.held == nil { second.drain(after: first.passedOn, on: peer, &budget, to: &sink) }
            guard second.isWanted else { return }
            guard before == (first.expected, second.expected) else { continue }
            if first.isToBeFinished(before: second) {
                first.declareHole(
                    .end, after: second.passedOn, isAlone: second.held == nil, on: stream, &budget, to: &sink)
            } else {
                second.declareHole(
                    .end, after: first.passedOn, isAlone: first.held == nil, on: peer, &budget, to: &sink)
            }
        }
    }
}

extension TCPDirection {
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
