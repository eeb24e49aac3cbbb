import TapCore
import TapWebSocket

/// How long each side may be silent, as both have agreed, and when it last said something.
struct Heartbeats: Sendable {
    private struct Side {
        /// Nanoseconds; `nil` where nothing was agreed.
        var allowed: Int64?
        var reason = ""
        var last: (time: Timestamp, message: Int)?
        /// Whether it only has to answer, and since when it has to.
        var onlyAnswers = false
        var pinged: Timestamp?

        mutating func hear(_ message: ApplicationMessage) -> Silence? {
            defer {
                last = (message.time, message.number)
                pinged = nil
            }
            return allowed == nil ? nil : silence(until: message.firstTime)
        }

        func silence(until time: Timestamp) -> Silence? {
            guard let allowed, let last, let start = onlyAnswers ? pinged : last.time,
                let silent = time.elapsed(since: start), silent > allowed
            else { return nil }
            return Silence(message: last.message, nanoseconds: silent, allowed: allowed, reason: reason)
        }
    }

    /// A side was silent for too long.
    struct Silence {
        let message: Int?
        let nanoseconds: Int64
        let allowed: Int64
        let reason: String
    }

    private var client = Side()
    private var server = Side()

    private subscript(sender: Sender) -> Side {
        get { sender == .client ? client : server }
        set { if sender == .client { client = newValue } else { server = newValue } }
    }

    /// From now on a side may be silent for so many nanoseconds, zero or less: for as long as it likes.
    mutating func expect(from sender: Sender, within nanoseconds: Int64, _ reason: String) {
        self[sender].allowed = nanoseconds > 0 ? nanoseconds : nil
        self[sender].reason = reason
    }

    /// From now on a side has so many nanoseconds to say something once it was pinged.
    mutating func expectAnswer(from sender: Sender, within nanoseconds: Int64, _ reason: String) {
        expect(from: sender, within: nanoseconds, reason)
        self[sender].onlyAnswers = true
    }

    /// A side is pinged.
    mutating func ping(_ sender: Sender, at time: Timestamp) { self[sender].pinged = self[sender].pinged ?? time }

    /// Takes note of a message: its sender was silent until its first byte.
    mutating func hear(_ message: ApplicationMessage) -> Silence? {
        message.sender == .client ? client.hear(message) : server.hear(message)
    }

    /// How long a side had been silent at some time, where that was too long.
    func silence(of sender: Sender, until time: Timestamp) -> Silence? { self[sender].silence(until: time) }

    /// Something of a side is missing in the capture: from here on it has to be heard again first.
    mutating func lose(_ sender: Sender) {
        self[sender].last = nil
        self[sender].pinged = nil
    }
}
