import TapCore

/// What is known of the connection that had the same ports before: its segments may still turn up.
@usableFromInline
final class FormerConnection {
    private let fromFirst: Part?
    private let fromSecond: Part?

    /// The numbers that a direction used, from its SYN on.
    private struct Part {
        let initial: SequenceNumber
        let length: Int

        init?(_ direction: TCPDirection) {
            guard let initial = direction.initial else { return nil }
            self.initial = initial
            length = initial.distance(to: direction.expected) + direction.knownAhead
        }

        /// One beyond the bytes, for a FIN.
        func contains(_ number: SequenceNumber) -> Bool {
            (0...max(0, length + 1)).contains(initial.distance(to: number))
        }
    }

    @usableFromInline
    init(_ flow: TCPFlow) {
        fromFirst = Part(flow.fromFirst)
        fromSecond = Part(flow.fromSecond)
    }

    private func part(_ direction: Direction) -> Part? {
        switch direction {
        case .fromFirst: fromFirst
        case .fromSecond: fromSecond
        }
    }

    /// Whether a direction of it had this initial sequence number.
    func began(at initial: SequenceNumber?, _ direction: Direction) -> Bool {
        part(direction).map { $0.initial == initial } ?? false
    }

    /// Whether both numbers of a segment were the former connection's.
    @usableFromInline
    func contains(_ segment: TCPSegment, _ direction: Direction) -> Bool {
        guard let part = part(direction), part.contains(segment.sequenceNumber) else { return false }
        guard segment.flags.contains(.ack) else { return true }
        return self.part(direction.opposite)?.contains(segment.acknowledgmentNumber) ?? true
    }
}
