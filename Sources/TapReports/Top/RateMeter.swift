import TapCore
import TapWebSocket

/// How much is sent now: the mean over the last five seconds, in halves of a second.
struct RateMeter: Sendable {
    /// What was sent in some time.
    struct Amount: Sendable {
        var frames: UInt64 = 0
        var bytesFromClient: UInt64 = 0
        var bytesFromServer: UInt64 = 0
    }

    private static let slotLength: Int64 = 500_000_000
    private static let slotCount = 10
    /// Slots in a second.
    private static let perSecond = 2.0

    private var slots = [Amount](repeating: Amount(), count: slotCount)
    private var latest: Int64 = .min

    mutating func add(_ bytes: UInt64, from sender: Sender, at time: Timestamp) {
        let slot = time.nanoseconds / RateMeter.slotLength
        if slot > latest {
            let passed = latest == .min ? Int64(RateMeter.slotCount) : min(slot - latest, Int64(RateMeter.slotCount))
            for step in 0..<passed { slots[place(of: slot - step)] = Amount() }
            latest = slot
        }
        // What is older than the whole window counts as new: clocks that go back are rare.
        slots[place(of: max(slot, latest - Int64(RateMeter.slotCount) + 1))].add(bytes, from: sender)
    }

    /// The mean in a second.
    func rate(at now: Timestamp) -> (frames: Double, bytesFromClient: Double, bytesFromServer: Double) {
        let oldest = now.nanoseconds / RateMeter.slotLength - Int64(slots.count)
        var sum = Amount()
        for step in 0..<Int64(slots.count) where latest != .min && latest - step > oldest {
            let slot = slots[place(of: latest - step)]
            sum.frames += slot.frames
            sum.bytesFromClient &+= slot.bytesFromClient
            sum.bytesFromServer &+= slot.bytesFromServer
        }
        let seconds = Double(RateMeter.slotCount) / RateMeter.perSecond
        return (
            Double(sum.frames) / seconds, Double(sum.bytesFromClient) / seconds, Double(sum.bytesFromServer) / seconds
        )
    }

    private func place(of slot: Int64) -> Int {
        let place = Int(slot % Int64(RateMeter.slotCount))
        return place < 0 ? place + RateMeter.slotCount : place
    }
}

extension RateMeter.Amount {
    fileprivate mutating func add(_ bytes: UInt64, from sender: Sender) {
        frames += 1
        switch sender {
        case .client: bytesFromClient &+= bytes
        case .server: bytesFromServer &+= bytes
        }
    }
}
