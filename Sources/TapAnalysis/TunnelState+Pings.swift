import TapCore
import TapWebSocket

/// Pings, their pongs, and who leaves one out. RFC 6455 §5.5.2 and §5.5.3.
extension TunnelState {
    /// How the pings of a peer were answered.
    func pings(of sender: Sender) -> PingStatistics {
        (sender == .client ? clientPings : serverPings)?.statistics ?? PingStatistics()
    }

    /// Whether there is anything to tell of the pings of a peer.
    func hasPinged(_ sender: Sender) -> Bool { sender == .client ? $clientPings : $serverPings }

    /// Notes a whole ping or pong, the last frame so far.
    mutating func note(_ opcode: Opcode, _ payload: [UInt8], from sender: Sender, at time: Timestamp) {
        guard opcode == .ping || opcode == .pong else { return }
        let pinger = opcode == .ping ? sender : sender.peer
        // What had to wait behind a hole may have been answered before.
        let isInOrder = time >= lastActivity
        let isJudged = isInOrder && !isClosing && !pingMarks.contains(.isUnread(pinger.peer))
        let frame = frames
        changePings(of: pinger) { pings in
            if pings == nil { pings = PingLog() }
            if opcode == .ping {
                // The client's has a masking key.
                let header = pinger == .server ? 6 : 2
                pings?.notePing(payload, at: time, frame: frame, pongHeader: header, isJudged: isJudged)
            } else {
                pings?.notePong(payload, at: time)
            }
        }
    }

    /// A peer begins a frame.
    @inline(__always)
    mutating func noteBeginning(of opcode: Opcode, from sender: Sender, at time: Timestamp) {
        if pingMarks.isDisjoint(with: [.isUnread(sender), .owesPong(sender)]) { return }
        noteMarked(opcode, from: sender, at: time)
    }

    @inline(never)
    private mutating func noteMarked(_ opcode: Opcode, from sender: Sender, at time: Timestamp) {
        pingMarks.remove(.isUnread(sender))
        if !opcode.isControl, !opcode.isReserved { changePings(of: sender.peer) { $0?.noteData(at: time) } }
    }

    /// So many bytes of a peer are not known, with frames among them, and more may follow up to the next that is decoded.
    mutating func noteUnread(_ sender: Sender, bytes count: Int) {
        pingMarks.insert(.isUnread(sender))
        noteMissingControl(from: sender, in: count)
    }

    /// A ping or a pong of a peer may be in bytes that are not known.
    mutating func noteMissingControl(from sender: Sender, in count: Int) {
        if hasPinged(sender) { changePings(of: sender) { $0?.noteMissingPings() } }
        if hasPinged(sender.peer) { changePings(of: sender.peer) { $0?.noteMissingPongs(in: count) } }
    }

    /// The connection is closing, or is not followed any further: nobody needs to answer pings any more.
    mutating func closePings(at time: Timestamp, isOver: Bool) {
        closePings(owedBy: .client, at: time, isOver: isOver)
        closePings(owedBy: .server, at: time, isOver: isOver)
    }

    /// A peer need not answer pings any more.
    mutating func closePings(owedBy sender: Sender, at time: Timestamp, isOver: Bool) {
        guard hasPinged(sender.peer) else { return }
        changePings(of: sender.peer) { $0?.close(at: time, isOver: isOver) }
    }

    /// The ping that a peer should have answered, once nothing more comes.
    func pingUnanswered(by sender: Sender) -> UnansweredPing? {
        (sender == .client ? serverPings : clientPings)?.unanswered
    }

    private mutating func changePings(of pinger: Sender, _ change: (inout PingLog?) -> Void) {
        let isOpen: Bool
        switch pinger {
        case .client:
            change(&clientPings)
            isOpen = clientPings?.hasOpen ?? false
        case .server:
            change(&serverPings)
            isOpen = serverPings?.hasOpen ?? false
        }
        if isOpen { pingMarks.insert(.owesPong(pinger.peer)) } else { pingMarks.remove(.owesPong(pinger.peer)) }
    }
}
