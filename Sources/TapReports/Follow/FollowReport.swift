import TapAnalysis
import TapCore
import TapWebSocket

/// Connections as a dialogue: what each peer said, message by message and inflated, how long after the other had spoken,
/// with pings, findings and the verdict on how it ended. On a terminal the client speaks on the left and the server on
/// the right. Lines of several connections stand in the order of time, each with its connection's number.
///
/// It also knows which connections there are, whichever it follows.
public struct FollowReport: Report {
    /// How messages are written.
    public enum Form: Sendable {
        /// For people.
        /// - Parameters:
        ///   - hasSides: whether each peer has its own side, rather than an arrow alone.
        ///   - isPretty: whether each member of JSON has a line of its own.
        case dialogue(width: Int, color: Bool, hasSides: Bool, isPretty: Bool = false)
        /// The payloads as they are; a line end follows each text.
        case raw
    }

    /// Which connections are shown.
    public enum Choice: Equatable, Sendable {
        /// None: it is only looked at what there is.
        case none
        case numbers([ClosedRange<Int>])
        /// All that it is given.
        case all

        func contains(_ number: Int) -> Bool {
            switch self {
            case .none: false
            case .numbers(let ranges): ranges.contains { $0.contains(number) }
            case .all: true
            }
        }

        /// Whether there is one connection at most.
        fileprivate var isSingle: Bool {
            switch self {
            case .none: true
            case .numbers(let ranges): ranges.count == 1 && ranges.allSatisfy { $0.count == 1 }
            case .all: false
            }
        }
    }

    public private(set) var directory = ConnectionDirectory()
    /// Whether nothing was shown.
    public private(set) var isEmpty = true
    /// Messages of which more was sent than was kept.
    public private(set) var cutMessages: UInt64 = 0
    private let choice: Choice
    private let sender: Sender?
    /// Who spoke last in each connection that is shown, and when.
    private var spoken: [Int: (sender: Sender, time: Timestamp)] = [:]
    /// Connections whose speakers are remembered; of more, the time since the other side spoke is not shown.
    private static let spokenLimit = 100_000
    private var numberWidth = 0
    private var isBelowBlank = true
    private var form: Form
    private let shownLimit: Int
    private var told = ToldFindings()
    /// The data frame that was seen last, and what is wrong with it: its message is told first.
    private var dataFrame = (connection: 0, number: 0)
    private var waiting: [Finding] = []

    /// - Parameter connection: its number; `nil` only looks at what connections there are.
    public init(
        _ connection: Int?, sender: Sender? = nil, form: Form, shownLimit: Int = ReportOptions.usualShownLimit
    ) {
        self.init(connection.map { .numbers([$0...$0]) } ?? .none, sender: sender, form: form, shownLimit: shownLimit)
    }

    /// - Parameters:
    ///   - sender: whose messages are told; `nil` is both peers'.
    ///   - shownLimit: bytes of an inflated message that a dialogue shows.
    public init(
        _ choice: Choice, sender: Sender? = nil, form: Form, shownLimit: Int = ReportOptions.usualShownLimit
    ) {
        self.shownLimit = shownLimit
        self.choice = choice
        self.sender = sender
        self.form = form
    }

    public mutating func resize(to width: Int) {
        guard case .dialogue(_, let color, let hasSides, let isPretty) = form else { return }
        form = .dialogue(width: width, color: color, hasSides: hasSides, isPretty: isPretty)
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        for observation in observations.all {
            directory.note(observation)
            guard let number = observation.connectionNumber, choice.contains(number) else { continue }
            isEmpty = false
            switch form {
            case .raw: writeRaw(observation, of: observations, to: &output)
            case .dialogue(let width, let color, let hasSides, let isPretty):
                if !choice.isSingle { numberWidth = max(numberWidth, "#\(number) ".utf8.count, 4) }
                let lines = DialogueWriter(
                    width: width, hasColor: color, hasSides: hasSides, isPretty: isPretty, numberWidth: numberWidth,
                    start: start, shownLimit: shownLimit)
                write(observation, of: observations, lines, to: &output)
            }
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {}

    private mutating func writeRaw(
        _ observation: Observation, of observations: Observations, to output: inout [UInt8]
    ) {
        guard case .message(let message) = observation, wants(message.sender) else { return }
        let payload = observations.payload(of: message)
        noteCut(message, payload)
        output += payload
        if message.kind == .text { output.append(UInt8(ascii: "\n")) }
    }

    private mutating func write(
        _ observation: Observation, of observations: Observations, _ lines: DialogueWriter, to output: inout [UInt8]
    ) {
        switch observation {
        case .handshake(let handshake):
            // Several begin beside one another; a blank line ends each heading.
            if !isBelowBlank { output.append(UInt8(ascii: "\n")) }
            lines.write(handshake, to: &output)
            told.note(handshake)
            isBelowBlank = true
            return
        case .frame(let frame) where frame.message != nil:
            writeWaiting(lines, to: &output, unless: frame.connection)
            dataFrame = (frame.connection, frame.number)
        case .frame(let frame):
            let wait = speak(frame.sender, in: frame.connection, at: frame.time)
            if wants(frame.sender) { lines.write(frame, observations.payload(of: frame), after: wait, to: &output) }
        case .message(let message):
            let payload = observations.payload(of: message)
            let wait = speak(message.sender, in: message.connection, at: message.time)
            if wants(message.sender) {
                noteCut(message, payload)
                lines.write(message, payload, after: wait, to: &output)
            }
            writeWaiting(lines, to: &output)
        case .finding(let finding):
            guard !told.contains(finding) else { return }
            if finding.frame == dataFrame.number, finding.connection == dataFrame.connection {
                waiting.append(finding)
            } else {
                lines.write(finding, to: &output)
            }
        case .connection(let connection):
            writeWaiting(lines, to: &output)
            spoken[connection.number] = nil
            lines.write(connection, to: &output)
        case .tls: break
        }
        isBelowBlank = false
    }

    /// Notes who speaks; answers how long ago the other side spoke, where that was the last to speak.
    private mutating func speak(_ sender: Sender, in connection: Int, at time: Timestamp) -> Int64? {
        let last = spoken[connection]
        if last != nil || spoken.count < FollowReport.spokenLimit { spoken[connection] = (sender, time) }
        guard let last, last.sender != sender, time >= last.time else { return nil }
        return time.since(last.time)
    }

    /// - Parameter connection: whose message is still to come.
    private mutating func writeWaiting(
        _ lines: DialogueWriter, to output: inout [UInt8], unless connection: Int? = nil
    ) {
        if let connection, connection == dataFrame.connection { return }
        for finding in waiting { lines.write(finding, to: &output) }
        waiting = []
    }

    private func wants(_ sender: Sender) -> Bool { self.sender.map { $0 == sender } ?? true }

    private mutating func noteCut(_ message: Message, _ payload: ArraySlice<UInt8>) {
        if message.isWhole, message.compression != .notInflated, UInt64(payload.count) < message.length {
            cutMessages += 1
        }
    }
}
