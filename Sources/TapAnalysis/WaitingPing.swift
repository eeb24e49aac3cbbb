import TapBytes

/// A ping that has no pong of its own yet, and whether its receiver had the time for one. RFC 6455 §5.5.2.
struct WaitingPing {
    enum Standing: UInt8 {
        /// It may still be answered in time.
        case open
        /// The receiver has sent other data long after it.
        case overtaken
        /// Further pings came, and the receiver was silent.
        case repeated
        /// A pong covers it, or may do so and is not in the capture, or the connection was closing.
        case settled
    }

    /// Stands for the payload: of very many connections the payloads themselves would be much to keep.
    let fingerprint: Int
    let time: Timestamp
    /// The number of its frame.
    let frame: UInt32
    var standing: Standing

    /// After so long, other data in place of a pong shows that none comes: five seconds.
    private static let patience: Int64 = 5_000_000_000
    /// Several pings within less than this are one burst, which a single pong answers: a second.
    private static let shortest: Int64 = 1_000_000_000
    /// So many pings after it show the same.
    private static let furtherPings = 3

    /// How long the pong took; `nil` if the clock stepped back, so that nobody knows.
    func roundTrip(until pong: Timestamp) -> Int64? {
        let duration = pong.since(time)
        return duration >= 0 ? duration : nil
    }

    /// The receiver begins another frame of data.
    mutating func noteData(at time: Timestamp) {
        if standing == .open, time.since(self.time) >= WaitingPing.patience { standing = .overtaken }
    }

    /// Bytes are missing that may hold a pong. What is behind other data was in time.
    mutating func noteMissingPongs() { if standing != .overtaken { standing = .settled } }

    /// Nothing that comes now is a fault.
    /// - Parameter count: how many pings came after it.
    mutating func close(at time: Timestamp, after count: Int) {
        guard standing == .open else { return }
        let isRepeated = count >= WaitingPing.furtherPings && time.since(self.time) >= WaitingPing.shortest
        standing = isRepeated ? .repeated : .settled
    }
}
