import TapCore
import TapSubprotocols
import TapWebSocket

extension Violation {
    /// From so much time on, in nanoseconds, it is worth to be said that a peer took nothing.
    private static let longClosing: Int64 = 1_000_000_000

    /// A peer took nothing for a long time.
    init?(_ window: ClosedWindow, of sender: Sender) {
        guard window.duration >= Violation.longClosing else { return nil }
        let end = window.isOpened ? "" : " at least"
        self.init(
            .tcpWindowZero, by: sender,
            "the \(sender.rawValue) took nothing for\(end) \(Seconds.text(window.duration))",
            [
                Evidence("milliseconds", .number(UInt64(clamping: window.duration / 1_000_000))),
                Evidence("first_packet", .number(window.closedIn.rawValue)),
                Evidence("last_packet", .number(window.lastIn.rawValue)),
            ])
    }
}
