/// How far reading has come, on the terminal's last line; it shows up when reading takes longer than a second.
struct Progress {
    private let size: UInt64?
    private let start = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?
    private var packets: UInt64 = 0
    private let isWanted = StandardError.isTerminal

    /// Looking at the clock for each packet would cost more than decoding it.
    private static let packetsBetweenLooks: UInt64 = 4_096

    /// - Parameter size: bytes to read, where that is known.
    init(size: UInt64?) { self.size = size }

    /// Counts packets; answers whether it is time for a look at the clock.
    /// - Parameter count: one, or a power of two.
    mutating func isDue(after count: UInt64 = 1) -> Bool {
        packets &+= count
        return isWanted && packets % Progress.packetsBetweenLooks == 0
    }

    mutating func advance(to position: UInt64) {
        let now = ContinuousClock.now
        guard now - (lastShown ?? start) >= (lastShown == nil ? .seconds(1) : .milliseconds(200)) else { return }
        lastShown = now
        // Whatever is written next begins where the line does.
        StandardError.write("\r\u{1B}[K" + line(at: position, after: now - start) + "\r")
    }

    /// Takes the line away, so that other text can be written.
    mutating func clear() {
        guard lastShown != nil else { return }
        StandardError.write("\r\u{1B}[K")
    }

    private func line(at position: UInt64, after time: Duration) -> String {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
        let rate = Double(position) / seconds
        let megabytes = "\(position / 1_000_000) MB, \(Int(rate / 1_000_000)) MB/s"
        guard let size, size > 0, position <= size else { return megabytes }
        let left = Int((Double(size - position) / rate).rounded(.up))
        return "\(position * 100 / size) %, \(megabytes), \(left) s left"
    }
}
