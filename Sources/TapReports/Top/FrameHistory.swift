import TapCore

/// How many frames there were in each second of the last minute.
struct FrameHistory: Sendable {
    static let seconds = 60

    private var slots = RecentSlots<UInt32>(seconds, of: 1_000_000_000, nothing: 0)

    mutating func add(at time: Timestamp) { slots.change(at: time) { $0 &+= 1 } }

    /// What there was in equal parts of the last minute, the oldest first.
    /// - Parameter cells: how many parts; a minute has so many seconds that some numbers of them fit.
    func values(at now: Timestamp, cells: Int) -> [UInt64] {
        let length = max(1, FrameHistory.seconds / max(cells, 1))
        let last = slots.number(at: now)
        return (0..<cells).map { cell in
            let end = last - Int64((cells - 1 - cell) * length)
            return (0..<Int64(length)).reduce(0) { $0 + UInt64(slots[end - $1]) }
        }
    }
}
