import TapCore

/// How many frames there were in each second of the last minute.
struct FrameHistory: Sendable {
    static let seconds = 60

    private var slots = [UInt32](repeating: 0, count: seconds)
    private var latest: Int64 = .min

    mutating func add(at time: Timestamp) {
        let second = time.nanoseconds / 1_000_000_000
        if second > latest {
            let passed = latest == .min ? Int64(slots.count) : min(second - latest, Int64(slots.count))
            for step in 0..<passed { slots[place(of: second - step)] = 0 }
            latest = second
        }
        // What is older than all of it counts as the oldest: clocks that go back are rare.
        slots[place(of: max(second, latest - Int64(slots.count) + 1))] &+= 1
    }

    /// What there was in equal parts of the last minute, the oldest first.
    /// - Parameter cells: how many parts; a minute has so many seconds that some numbers of them fit.
    func values(at now: Timestamp, cells: Int) -> [UInt64] {
        let length = max(1, FrameHistory.seconds / max(cells, 1))
        let last = now.nanoseconds / 1_000_000_000
        return (0..<cells).map { cell in
            let end = last - Int64((cells - 1 - cell) * length)
            return (0..<Int64(length)).reduce(0) { $0 + count(in: end - $1) }
        }
    }

    private func count(in second: Int64) -> UInt64 {
        guard latest != .min, second <= latest, second > latest - Int64(slots.count) else { return 0 }
        return UInt64(slots[place(of: second)])
    }

    private func place(of second: Int64) -> Int {
        let place = Int(second % Int64(FrameHistory.seconds))
        return place < 0 ? place + FrameHistory.seconds : place
    }
}
