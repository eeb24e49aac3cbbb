import TapAnalysis
import TapCore
import TapWebSocket

/// One connection as a dialogue: what each peer said, message by message and inflated, with pings, findings and the
/// verdict on how it ended. On a terminal the client speaks on the left and the server on the right.
///
/// It also knows which connections there are, whichever it follows.
public struct FollowReport: Report {
    /// How messages are written.
    public enum Form: Sendable {
        /// For people.
        /// - Parameter hasSides: whether each peer has its own side, rather than an arrow alone.
        case dialogue(width: Int, color: Bool, hasSides: Bool)
        /// The payloads as they are; a line end follows each text.
        case raw
    }

    public private(set) var directory = ConnectionDirectory()
    /// Messages of which more was sent than was kept.
    public private(set) var cutMessages: UInt64 = 0
    private let connection: Int?
    private let sender: Sender?
    private let form: Form
    private let shownLimit: Int
    private var told = ToldFindings()
    /// The data frame that was seen last, and what is wrong with it: its message is told first.
    private var dataFrame = 0
    private var waiting: [Finding] = []

    /// - Parameters:
    ///   - connection: its number; `nil` only looks at what connections there are.
    ///   - sender: whose messages are told; `nil` is both peers'.
    ///   - shownLimit: bytes of an inflated message that a dialogue shows.
    public init(
        _ connection: Int?, sender: Sender? = nil, form: Form, shownLimit: Int = ReportOptions.usualShownLimit
    ) {
        self.shownLimit = shownLimit
        self.connection = connection
        self.sender = sender
        self.form = form
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        for observation in observations.all {
            directory.note(observation)
            guard let connection, observation.connectionNumber == connection else { continue }
            switch form {
            case .raw: writeRaw(observation, of: observations, to: &output)
            case .dialogue(let width, let color, let hasSides):
                let lines = DialogueWriter(
                    width: width, hasColor: color, hasSides: hasSides, start: start, shownLimit: shownLimit)
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
            lines.write(handshake, to: &output)
            told.note(handshake)
        case .frame(let frame) where frame.message != nil: dataFrame = frame.number
        case .frame(let frame):
            if wants(frame.sender) { lines.write(frame, observations.payload(of: frame), to: &output) }
        case .message(let message):
            let payload = observations.payload(of: message)
            if wants(message.sender) {
                noteCut(message, payload)
                lines.write(message, payload, to: &output)
            }
            writeWaiting(lines, to: &output)
        case .finding(let finding):
            guard !told.contains(finding) else { return }
            if finding.frame == dataFrame {
                waiting.append(finding)
            } else {
                lines.write(finding, to: &output)
            }
        case .connection(let connection):
            writeWaiting(lines, to: &output)
            lines.write(connection, to: &output)
        case .tls: break
        }
    }

    private mutating func writeWaiting(_ lines: DialogueWriter, to output: inout [UInt8]) {
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
