import TapCore

/// Connections that began a short while ago, by the addresses at which a proxy may have made one of another: it is asked at one,
/// and asks from it.
struct LegMeetings {
    /// Those that were asked at an address, or those that asked from it.
    private struct Side {
        private var legs: [TracedLeg] = []
        /// The server of all of them; `nil` where there are several.
        private var server: Endpoint?
        /// Until when those that begin may belong to some that are not listed: because of a limit, or of what the capture lacks.
        private var crowdedUntil: Timestamp?
        private var unknownUntil: Timestamp?

        /// Of more than these nobody is compared with each.
        private static let limit = 32

        func isOver(at time: Timestamp) -> Bool {
            legs.isEmpty && !time.isUp(to: crowdedUntil) && !time.isUp(to: unknownUntil)
        }

        mutating func add(_ leg: TracedLeg) {
            server = legs.isEmpty || server == leg.server ? leg.server : nil
            legs.append(leg)
        }

        /// Those that one of the other side may belong to.
        /// - Parameter fits: whether it may, by who asked whom and when.
        mutating func meet(_ leg: TracedLeg, at time: Timestamp, limit: Int, _ fits: (TracedLeg) -> Bool) {
            if time.isUp(to: crowdedUntil) { leg.isCrowded = true }
            if time.isUp(to: unknownUntil) { leg.mayHaveMore = true }
            // No proxy asks the server that it is.
            guard !legs.isEmpty, server != leg.server else { return }
            if legs.count > Side.limit { clean(at: time) }
            guard legs.count <= Side.limit else { return crowd(with: leg, at: time) }
            for other in legs where !other.isOver && fits(other) { leg.link(other, limit: limit) }
        }

        /// One begins that is not followed, and may belong to any of the other side.
        mutating func noteUnknown(at time: Timestamp, isLimit: Bool) {
            if isLimit {
                crowdedUntil = time.advanced(by: 3 * TracedLeg.patience)
            } else {
                unknownUntil = time.advanced(by: 3 * TracedLeg.patience)
            }
        }

        /// There are too many to tell which of them a leg belongs to.
        private mutating func crowd(with leg: TracedLeg, at time: Timestamp) {
            leg.isCrowded = true
            for other in legs where !other.isOver { other.isCrowded = true }
            legs = []
            noteUnknown(at: time, isLimit: true)
        }

        mutating func clean(at time: Timestamp) { legs.removeAll { $0.isOver || $0.isOld(at: time) } }
    }

    private struct Meeting {
        var asked = Side()
        var asking = Side()
    }

    private var meetings: [IPAddress: Meeting] = [:]
    /// Until when nobody knows who may belong to those that begin.
    private var unknownUntil: Timestamp?
    /// Connections that one may be a leg with.
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Links a connection that begins with those that it may be a leg with, and keeps it for later ones.
    mutating func add(_ leg: TracedLeg, at time: Timestamp) {
        meet(leg, at: time)
        meetings[leg.client.address, default: Meeting()].asking.add(leg)
        meetings[leg.server.address, default: Meeting()].asked.add(leg)
    }

    /// The same for one that is not followed: of those that may belong to it nothing is certain any more.
    /// - Parameter isLimit: whether that is because of a limit.
    mutating func addUnknown(_ leg: TracedLeg, at time: Timestamp, isLimit: Bool) {
        meet(leg, at: time)
        for other in leg.others {
            if isLimit { other.isCrowded = true } else { other.mayHaveMore = true }
        }
        leg.forget()
        meetings[leg.client.address, default: Meeting()].asking.noteUnknown(at: time, isLimit: isLimit)
        meetings[leg.server.address, default: Meeting()].asked.noteUnknown(at: time, isLimit: isLimit)
    }

    private mutating func meet(_ leg: TracedLeg, at time: Timestamp) {
        if time.isUp(to: unknownUntil) { leg.isCrowded = true }
        meetings[leg.client.address]?.asked.meet(leg, at: time, limit: limit) { $0.mayLead(to: leg) }
        meetings[leg.server.address]?.asking.meet(leg, at: time, limit: limit) { leg.mayLead(to: $0) }
    }

    /// Lets go of those that nobody can belong to any more.
    /// - Parameter most: addresses that are kept.
    mutating func clean(at time: Timestamp, keeping most: Int) {
        for address in Array(meetings.keys) {
            meetings[address]?.asked.clean(at: time)
            meetings[address]?.asking.clean(at: time)
            if let meeting = meetings[address], meeting.asked.isOver(at: time), meeting.asking.isOver(at: time) {
                meetings.removeValue(forKey: address)
            }
        }
        guard meetings.count > most else { return }
        meetings = [:]
        unknownUntil = time.advanced(by: 3 * TracedLeg.patience)
    }
}

extension Timestamp {
    fileprivate func isUp(to end: Timestamp?) -> Bool { end.map { self <= $0 } ?? false }
}
