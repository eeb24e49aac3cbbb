import TapCore

/// To which connection a segment belongs where several have the same addresses and ports.
///
/// Connections in different networks are different ones, so that each direction is bound to the network that it was seen
/// in. Two things make a segment from another network belong all the same: that its direction was not seen yet, and that
/// it acknowledges what the other one sends (the way back may lead over another VLAN), or that it goes on exactly where
/// its direction was (the way has changed). A SYN never belongs to another network's connection.
extension TCPFlow {
    @inlinable
    func network(_ direction: Direction) -> NetworkID {
        switch direction {
        case .fromFirst: network
        case .fromSecond: unusual?.networkFromSecond ?? network
        }
    }

    mutating func move(_ direction: Direction, to network: NetworkID) {
        let unusual = makeUnusual()
        switch direction {
        case .fromFirst:
            unusual.networkFromSecond = self.network(.fromSecond)
            self.network = network
        case .fromSecond:
            unusual.networkFromSecond = network
        }
    }

    func isContinued(by segment: TCPSegment, _ direction: Direction) -> Bool {
        let (sender, receiver) = (self[direction], self[direction.opposite])
        guard segment.flags.contains(.ack), receiver.phase != .unseen,
            TCPFlow.isNear(receiver.expected, segment.acknowledgmentNumber)
        else { return false }
        guard sender.phase == .unseen else { return segment.payloadStart == sender.expected }
        return sender.acknowledged.map { TCPFlow.isNear($0, segment.payloadStart) } ?? true
    }

    private static let nearness: Int = 1 << 20

    private static func isNear(_ one: SequenceNumber, _ other: SequenceNumber) -> Bool {
        abs(one.distance(to: other)) <= nearness
    }
}
