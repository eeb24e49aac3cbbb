import TapCore

/// Flows end by silence, too, and with the capture. Those that end beside the same packet do so in the order in which they
/// were opened, which is the same in whatever parts the flows are divided.
extension FlowTable {
    /// The packet that opened the flow which is the next to be closed; `nil` if absent.
    package var nextDue: PacketNumber? { due.last.map { flows[Int($0)].openedIn } }

    /// Looks which flows were silent for too long, and forgets those that have ended.
    package mutating func findSilent(at time: Timestamp) {
        var place = Int(live.oldest)
        while place >= 0, time.since(flows[place].queuedAt) > limits.idleTime {
            let next = Int(flows[place].next)
            if time.since(flows[place].lastSeen) <= limits.idleTime {
                requeue(place)
            } else {
                due.append(Int32(place))
            }
            place = next
        }
        while let oldest = doubts.oldest, time.since(oldest.time) > limits.doubtTime {
            if isDoubted(oldest), !due.contains(oldest.place) { due.append(oldest.place) }
            doubts.removeOldest()
        }
        sortDue()
        while closed.oldest >= 0, time.since(flows[Int(closed.oldest)].lastSeen) > limits.lingerTime {
            forget(Int(closed.oldest))
        }
    }

    /// The capture has ended: every flow is to be closed.
    package mutating func findAll() {
        var place = Int(live.oldest)
        while place >= 0 {
            due.append(Int32(place))
            place = Int(flows[place].next)
        }
        sortDue()
    }

    /// Adds what the endpoints of all flows are dealt by that have not ended, or are remembered: see ``FlowKey/spread``.
    package func addSpreads(to spreads: inout Set<UInt64>) {
        for oldest in [live.oldest, closed.oldest] {
            var place = Int(oldest)
            while place >= 0 {
                spreads.insert(flows[place].key.spread)
                place = Int(flows[place].next)
            }
        }
    }

    /// Closes the next of the flows that are to be closed; where the capture goes on it is forgotten, too.
    package mutating func closeNextDue(
        _ reason: StreamEnd, in packet: PacketHeader, to sink: inout some StreamSink & ~Copyable
    ) {
        guard let place = due.popLast().map(Int.init) else { return }
        sink.closing(FlowID(place, part: part), openedIn: flows[place].openedIn)
        close(place, reason, in: packet, to: &sink)
        if reason != .captureEnd { forget(place) }
    }

    /// A flow was reset, which may turn out not to be true: of too many the one that was reset first is closed.
    @usableFromInline
    mutating func noteDoubt(_ place: Int, in packet: PacketHeader, to sink: inout some StreamSink & ~Copyable) {
        doubts.append(
            DoubtedFlows.Entry(place: Int32(place), opening: flows[place].openedIn, time: packet.timestamp))
        while doubts.count > max(0, limits.doubtedFlows), let oldest = doubts.oldest {
            doubts.removeOldest()
            if isDoubted(oldest) { close(Int(oldest.place), .reset, in: packet, to: &sink) }
        }
    }

    /// Whether the doubt was not resolved by what came since.
    private func isDoubted(_ entry: DoubtedFlows.Entry) -> Bool {
        let flow = Int(entry.place)
        return flows[flow].openedIn == entry.opening && flows[flow].isOpen
            && flows[flow].unusual?.reset.map { $0.stored.packet.timestamp == entry.time } ?? false
    }

    private mutating func sortDue() {
        due.sort { flows[Int($0)].openedIn > flows[Int($1)].openedIn }
    }
}
