import TapCore

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
    /// How many bytes its pong takes at least.
    let pongLength: UInt8
    var standing: Standing

    /// After so long, other data in place of a pong shows that none comes: five seconds.
    private static let patience: Int64 = 5_000_000_000
    /// Pings that came less than this ago may be one burst, whose single pong is on its way: a second.
    private static let longestBurst: Int64 = 1_000_000_000
    /// So many pings after it show the same.
    private static let furtherPings = 3

    /// How long the pong took; `nil` if the clock stepped back, so that nobody knows.
    func roundTrip(until pong: Timestamp) -> Int64? { pong.elapsed(since: time) }

    /// The receiver begins another frame of data.
    mutating func noteData(at time: Timestamp) {
        if standing == .open, time.since(self.time) >= WaitingPing.patience { standing = .overtaken }
    }

    /// Bytes of the receiver are not known. In time it may have answered with them; too late only if a pong fits in.
    /// - Parameter mayHoldPong: whether one fits in that covers this ping.
    mutating func noteMissingPongs(_ mayHoldPong: Bool) {
        if mayHoldPong || standing == .open || standing == .repeated { standing = .settled }
    }

    /// Nothing that comes now is a fault.
    /// - Parameters:
    ///   - later: the pings that came after it.
    ///   - isOver: whether no pong can come any more; where the capture ends first, one may be on its way.
    mutating func close(at time: Timestamp, after later: ArraySlice<WaitingPing>, isOver: Bool) {
        guard standing == .open else { return }
        standing = .settled
        guard later.count >= WaitingPing.furtherPings, isOver || time.since(self.time) >= WaitingPing.patience else {
            return
        }
        let lastButOne = later[later.startIndex + WaitingPing.furtherPings - 2]
        if time.since(lastButOne.time) >= WaitingPing.longestBurst { standing = .repeated }
    }
}
