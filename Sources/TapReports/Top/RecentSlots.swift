import TapCore

/// What was counted in each of the latest slots of time, which all have one length.
struct RecentSlots<Amount: Sendable>: Sendable {
    /// In nanoseconds.
    private let length: Int64
    private let nothing: Amount
    private var amounts: [Amount]
    /// The latest slot in which anything was counted, by its number since the epoch.
    private var latest: Int64 = .min

    init(_ count: Int, of length: Int64, nothing: Amount) {
        self.length = length
        self.nothing = nothing
        amounts = [Amount](repeating: nothing, count: count)
    }

    var count: Int { amounts.count }

    func number(at time: Timestamp) -> Int64 { time.nanoseconds / length }

    /// What was counted in a slot; nothing where it is not kept any more.
    subscript(number: Int64) -> Amount {
        guard latest != .min, number <= latest, number > latest - Int64(count) else { return nothing }
        return amounts[place(of: number)]
    }

    /// Those from one on in which anything may have been counted.
    func numbers(since first: Int64) -> Range<Int64> {
        guard latest != .min else { return 0..<0 }
        let end = latest + 1
        return min(max(first, end - Int64(count)), end)..<end
    }

    mutating func change(at time: Timestamp, _ body: (inout Amount) -> Void) {
        let number = number(at: time)
        if number > latest {
            let passed = latest == .min ? Int64(count) : min(number - latest, Int64(count))
            for step in 0..<passed { amounts[place(of: number - step)] = nothing }
            latest = number
        }
        // What is older than all of it counts as the oldest: clocks that go back are rare.
        body(&amounts[place(of: max(number, latest - Int64(count) + 1))])
    }

    private func place(of number: Int64) -> Int {
        let place = Int(number % Int64(count))
        return place < 0 ? place + count : place
    }
}
