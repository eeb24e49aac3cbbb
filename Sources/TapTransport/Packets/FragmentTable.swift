import TapCore

/// Puts IP packets together from their fragments, in whatever order they come. RFC 791 §3.2, RFC 8200 §4.5.
///
/// What it holds is bounded by ``FragmentLimits``, and what a fragment costs by its length.
package struct FragmentTable: ~Copyable {
    private struct Arrival {
        let identity: IPFragment.Identity
        let serial: UInt64
        let time: Timestamp
    }

    private let limits: FragmentLimits
    private var entries: [IPFragment.Identity: FragmentEntry] = [:]
    /// The packets in the order in which their first fragments came; those before `oldest` are dealt with.
    private var arrivals: [Arrival] = []
    private var oldest = 0
    private var serial: UInt64 = 0
    /// Bytes held of incomplete packets.
    package private(set) var heldBytes = 0
    /// Packets that were given up, because they were incomplete for too long or a limit was reached.
    package private(set) var givenUp = 0
    private let seed = HashSeed.ofProcess

    package init(limits: FragmentLimits = FragmentLimits()) { self.limits = limits }

    /// Packets of which some fragments have been seen.
    package var count: Int { entries.count }

    /// Packets of which a fragment is missing: those that were given up, and those that still wait for one.
    package var incompletePackets: Int { givenUp + entries.values.count(where: \.isPartial) }

    /// Takes in one fragment; answers the whole packet where nothing of it is missing any more.
    /// - Parameters:
    ///   - captured: as much of the fragment's payload as the capture holds.
    ///   - packet: what brought it.
    package mutating func receive(
        _ fragment: IPFragment, _ captured: RawSpan, in packet: PacketHeader
    ) -> ReassembledPacket? {
        let time = packet.timestamp
        while oldest < arrivals.count, isOver(limits.patienceTime, since: arrivals[oldest].time, at: time) {
            dropOldest()
        }
        if let completion = entries[fragment.identity]?.completion,
            isOver(limits.lingerTime, since: completion, at: time)
        {
            forgetFormer(of: fragment.identity)
        }
        if entries[fragment.identity] == nil { admit(fragment.identity, at: time) }
        let whole = change(fragment, captured, in: packet)
        while heldBytes > limits.heldBytes, oldest < arrivals.count { dropOldest() }
        return whole
    }

    /// Whether the fragments that were received last of a packet are only copies of those of a packet that is whole already.
    package func hasOnlyCopies(of identity: IPFragment.Identity) -> Bool {
        guard let entry = entries[identity] else { return false }
        return !entry.isPartial && entry.completion != nil
    }

    private mutating func forgetFormer(of identity: IPFragment.Identity) {
        guard var entry = entries[identity] else { return }
        heldBytes -= entry.heldBytes
        entry.forgetFormer()
        heldBytes += entry.heldBytes
        entries[identity] = entry.isPartial ? entry : nil
    }

    private mutating func admit(_ identity: IPFragment.Identity, at time: Timestamp) {
        while arrivals.count - oldest >= max(1, limits.packets) { dropOldest() }
        serial += 1
        entries[identity] = FragmentEntry(serial: serial)
        arrivals.append(Arrival(identity: identity, serial: serial, time: time))
    }

    private mutating func change(
        _ fragment: IPFragment, _ captured: RawSpan, in packet: PacketHeader
    ) -> ReassembledPacket? {
        guard let place = entries.index(forKey: fragment.identity) else { return nil }
        // The table lets go of the bytes, so that they are changed in place.
        var entry = entries.values[place].take()
        let (before, isAgain) = (entry.heldBytes, entry.completion != nil)
        let whole = entry.receive(fragment, captured, in: packet, seed: seed)
        heldBytes += entry.heldBytes - before
        entries.values[place] = entry
        if whole != nil, isAgain { renew(fragment.identity, at: packet.timestamp) }
        return whole
    }

    /// A packet with an identity that was used shortly before is whole: from now on it is the one that is remembered.
    private mutating func renew(_ identity: IPFragment.Identity, at time: Timestamp) {
        serial += 1
        entries[identity]?.serial = serial
        while arrivals.count - oldest >= max(1, limits.packets) { dropOldest() }
        arrivals.append(Arrival(identity: identity, serial: serial, time: time))
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
        heldBytes -= entry.heldBytes
        if entry.isPartial { givenUp += 1 }
        entries[arrival.identity] = nil
    }
}
