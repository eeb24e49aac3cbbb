import TapBytes

/// Puts IP packets together from their fragments, in whatever order they come. RFC 791 §3.2, RFC 8200 §4.5.
///
/// What it holds is bounded by ``FragmentLimits``, and what a fragment costs by its length.
package struct FragmentTable: ~Copyable {
    private enum State {
        case partial(PartialPacket)
        /// All was given on.
        case complete(at: Timestamp)
    }

    private struct Entry {
        /// Which of the packets that had this identity it is.
        let serial: UInt64
        var state: State
    }

    private struct Arrival {
        let identity: IPFragment.Identity
        let serial: UInt64
        let time: Timestamp
    }

    private let limits: FragmentLimits
    private var entries: [IPFragment.Identity: Entry] = [:]
    /// The packets in the order in which their first fragments came; those before `oldest` are dealt with.
    private var arrivals: [Arrival] = []
    private var oldest = 0
    private var serial: UInt64 = 0
    /// Bytes held of incomplete packets.
    package private(set) var heldBytes = 0
    /// Packets that were given up, because they were incomplete for too long or a limit was reached.
    private var givenUp = 0

    package init(limits: FragmentLimits = FragmentLimits()) { self.limits = limits }

    /// Packets of which some fragments have been seen.
    package var count: Int { entries.count }

    /// Packets of which a fragment is missing: those that were given up, and those that still wait for one.
    package var incompletePackets: Int {
        givenUp
            + entries.values.count {
                if case .partial = $0.state { true } else { false }
            }
    }

    /// Takes in one fragment; answers the whole packet where nothing of it is missing any more.
    /// - Parameter captured: as much of the fragment's payload as the capture holds.
    package mutating func receive(
        _ fragment: IPFragment, _ captured: RawSpan, at time: Timestamp
    ) -> ReassembledPacket? {
        while oldest < arrivals.count, isOver(limits.patienceTime, since: arrivals[oldest].time, at: time) {
            dropOldest()
        }
        if case .complete(let completion)? = entries[fragment.identity]?.state {
            guard isOver(limits.lingerTime, since: completion, at: time) else { return nil }
            entries[fragment.identity] = nil
        }
        if entries[fragment.identity] == nil { admit(fragment.identity, at: time) }
        let whole = change(fragment, captured, at: time)
        while heldBytes > limits.heldBytes, oldest < arrivals.count { dropOldest() }
        return whole
    }

    private mutating func admit(_ identity: IPFragment.Identity, at time: Timestamp) {
        while arrivals.count - oldest >= max(1, limits.packets) { dropOldest() }
        serial += 1
        entries[identity] = Entry(serial: serial, state: .partial(PartialPacket()))
        arrivals.append(Arrival(identity: identity, serial: serial, time: time))
    }

    private mutating func change(
        _ fragment: IPFragment, _ captured: RawSpan, at time: Timestamp
    ) -> ReassembledPacket? {
        guard let place = entries.index(forKey: fragment.identity),
            case .partial(var packet) = entries.values[place].state
        else { return nil }
        // The table lets go of the bytes, so that they are changed in place.
        entries.values[place].state = .complete(at: time)
        let before = packet.bytes.count
        let whole = packet.receive(fragment, captured)
        heldBytes += (whole == nil ? packet.bytes.count : 0) - before
        if whole == nil { entries.values[place].state = .partial(packet) }
        return whole
    }

    /// A clock that was set back is a reason to forget, too.
    private func isOver(_ patience: Int64, since earlier: Timestamp, at time: Timestamp) -> Bool {
        time.since(earlier).magnitude > patience.magnitude
    }

    private mutating func dropOldest() {
        let arrival = arrivals[oldest]
        oldest += 1
        if oldest >= 1_024, oldest * 2 >= arrivals.count {
            arrivals.removeFirst(oldest)
            oldest = 0
        }
        guard let entry = entries[arrival.identity], entry.serial == arrival.serial else { return }
        if case .partial(let packet) = entry.state {
            heldBytes -= packet.bytes.count
            givenUp += 1
        }
        entries[arrival.identity] = nil
    }
}
