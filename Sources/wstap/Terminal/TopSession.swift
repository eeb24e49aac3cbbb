import Glibc
import TapCore
import TapReports
import TapSources

/// The screen of `top` while packets come: it takes keys, draws, and does what keys ask for.
struct TopSession: ~Copyable {
    private var screen: Screen
    private var view: TopView
    private var reader = TopKeyReader()
    private let packets: RecentPackets
    private let interval: Duration
    private var drawn: ContinuousClock.Instant?

    /// - Parameters:
    ///   - source: what is captured from, for the heading.
    ///   - interval: between two drawings while nobody presses a key.
    init(of source: String, every interval: Duration, keeping packets: RecentPackets) throws(OutputError) {
        screen = try Screen()
        view = TopView(of: source)
        self.interval = interval
        self.packets = packets
    }

    /// Where keys come from, to wait for.
    var keyboard: Int32 { screen.keyboard }

    /// Says something in the last line.
    mutating func say(_ message: String) {
        view.say(message)
        drawn = nil
    }

    /// Does what there is to do now.
    /// - Parameters:
    ///   - now: the clock of the capture.
    ///   - dropped: packets lost so far.
    /// - Returns: whether it is to go on.
    mutating func step(
        _ report: @autoclosure () -> TopReport, now: Timestamp, dropped: () -> UInt64
    ) throws -> Bool {
        switch screen.signal() {
        case SIGTSTP: try screen.suspend()
        case SIGQUIT: return false
        case _: break
        }
        guard let bytes = screen.keys() else { return false }
        let keys = bytes.isEmpty ? reader.settle() : reader.receive(bytes[...])
        for key in keys where try !press(key, report(), now) { return false }
        let size = screen.measure()
        let isDue = drawn.map { ContinuousClock.now - $0 >= interval } ?? true
        guard isDue || size.hasChanged || !keys.isEmpty else { return true }
        drawn = ContinuousClock.now
        let lines = view.screen(report(), width: size.width, height: size.height, now: now, dropped: dropped())
        try screen.draw(lines, isAnew: size.hasChanged)
        return true
    }

    private mutating func press(_ key: TopKey, _ report: TopReport, _ now: Timestamp) throws -> Bool {
        switch view.press(key, report, now: now) {
        case .none: break
        case .quit: return false
        case .suspend: try screen.suspend()
        case .write(let path): view.say(written(to: path))
        }
        return true
    }

    private func written(to path: String) -> String {
        do throws(CaptureError) {
            let (count, gone) = try packets.write(to: path)
            let rest = gone > 0 ? "; \(Decimal.grouped(gone)) before them were not kept (--max-kept)" : ""
            return "\(path): \(Decimal.counted(count, "packet"))\(rest)"
        } catch {
            return error.description
        }
    }
}
