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

    private var slots = RecentSlots(slotCount, of: slotLength, nothing: Amount())

    mutating func add(_ bytes: UInt64, from sender: Sender, at time: Timestamp) {
        slots.change(at: time) { $0.add(bytes, from: sender) }
    }

    /// The mean in a second.
    func rate(at now: Timestamp) -> (frames: Double, bytesFromClient: Double, bytesFromServer: Double) {
        var sum = Amount()
        for number in slots.numbers(since: slots.number(at: now) - Int64(slots.count) + 1) {
            let slot = slots[number]
            sum.frames += slot.frames
            sum.bytesFromClient &+= slot.bytesFromClient
            sum.bytesFromServer &+= slot.bytesFromServer
        }
        let seconds = Double(RateMeter.slotCount) / RateMeter.perSecond
        return (
            Double(sum.frames) / seconds, Double(sum.bytesFromClient) / seconds, Double(sum.bytesFromServer) / seconds
        )
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
