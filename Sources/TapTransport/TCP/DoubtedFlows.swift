import TapCore

/// Flows that wait for what tells whether their RST was taken, the oldest first.
struct DoubtedFlows {
    struct Entry {
        let place: Int32
        /// The packet that opened the flow: another one may have its place by now.
        let opening: PacketNumber
        let time: Timestamp
    }

    private var entries: [Entry] = []
    /// How many of them are gone.
    private var taken = 0

    var count: Int { entries.count - taken }
    var oldest: Entry? { taken < entries.count ? entries[taken] : nil }

    mutating func append(_ entry: Entry) { entries.append(entry) }

    mutating func removeOldest() {
        taken += 1
        guard taken * 2 > entries.count else { return }
        entries.removeFirst(taken)
        taken = 0
    }
}
