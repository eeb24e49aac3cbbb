import TapCore

/// A window that a peer has closed, as long as it stays so. RFC 9293 §3.8.6.
struct WindowClosing {
    /// The direction of those segments that say so.
    let direction: Direction
    /// What they acknowledge: beyond that the other peer may send nothing.
    let edge: SequenceNumber
    let first: PacketHeader
    /// The last one.
    private(set) var last: PacketHeader

    /// Who sends a probe brings one byte that there is no room for. RFC 9293 §3.8.6.1.
    private static let probe = 1
    /// From so much time on, who may not send asks whether it is still so.
    private static let unasked: Int64 = 1_000_000_000

    init(_ segment: borrowing TCPSegment, _ direction: Direction, in packet: PacketHeader) {
        self.direction = direction
        edge = segment.acknowledgmentNumber
        (first, last) = (packet, packet)
    }

    /// Whether an acknowledgment says that nothing was taken since.
    func isAtEdge(_ acknowledgment: SequenceNumber) -> Bool {
        (0...WindowClosing.probe).contains(edge.distance(to: acknowledgment))
    }

    /// Whether who acknowledges no more than this said so before.
    func isOutdated(_ acknowledgment: SequenceNumber) -> Bool { edge.distance(to: acknowledgment) < 0 }

    /// Whether bytes up to a place show that their sender was allowed to send.
    func isExceeded(by end: SequenceNumber) -> Bool { edge.distance(to: end) > WindowClosing.probe }

    /// The window is still closed.
    mutating func confirm(in packet: PacketHeader) {
        if packet.timestamp > last.timestamp { last = packet }
    }

    /// What can be said of it once it is over; `nil` where that is nothing.
    /// - Parameter packet: the one that opened it, where it was captured. What nobody asked for in a long time may have been
    ///   opened before: such a segment need not be in the capture, and nothing would show that it is missing.
    func finished(openedIn packet: PacketHeader?) -> ClosedWindow? {
        var packet = packet
        if let opened = packet, last.timestamp.since(first.timestamp) <= StreamLimits.copyTime,
            opened.timestamp.since(first.timestamp) >= WindowClosing.unasked
        {
            packet = nil
        }
        let end = packet ?? last
        let duration = end.timestamp.since(first.timestamp)
        guard duration > 0 else { return nil }
        return ClosedWindow(
            closedIn: first.number, lastIn: end.number, isOpened: packet != nil, duration: duration)
    }
}
