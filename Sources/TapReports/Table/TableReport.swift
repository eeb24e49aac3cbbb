import TapAnalysis
import TapCore

/// The view for people: a heading for each connection, a row for each frame with its findings below, a closing line,
/// and totals at the end. Every line has its connection's number, and none is wider than the terminal.
public struct TableReport: Report {
    let options: ReportOptions
    var margin = Margin()
    /// What the kind of a frame and its length take together. Like the margin, it grows as the capture needs it.
    var kindAndLengthWidth = 16
    /// Whether nothing has said yet where findings are explained, and something is to.
    var hintIsDue: Bool
    private let style: TableStyle
    /// The frame of the row above, whose findings need no place of their own.
    private var lastFrame: (connection: Int, number: Int)?
    private var told = ToldFindings()
    private var unreadTLS = UnreadTLSLines()
    private var above = Above.nothing
    private var lastDate = ""
    /// The time above.
    private var lastTime: Timestamp?

    /// What stands above the next line.
    private enum Above { case nothing, heading, rows }

    /// - Parameters:
    ///   - width: columns of the terminal.
    ///   - times: what times count from.
    public init(
        _ options: ReportOptions = ReportOptions(payload: .preview), width: Int = 120, color: Bool = false,
        times: TableTimes = .relative
    ) {
        self.options = options
        style = TableStyle(width: width, hasColor: color, times: times)
        hintIsDue = options.hintsAtExplanations
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        TerminalWriter.append(to: &output, style) { writer in
            for observation in observations.all where options.events.contains(observation.event) {
                if case .tls(let unread) = observation {
                    unreadTLS.note(unread)
                    continue
                }
                write(observation, of: observations, start, &writer)
            }
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        guard options.events.contains(.summary) else { return }
        TerminalWriter.append(to: &output, style) { writer in
            if above != .nothing { writer.endLine() }
            writer.write(summary, dropped: dropped)
            let items = unreadTLS.items
            for (index, item) in items.enumerated() { writer.line(index == 0 ? "TLS" : "", [item]) }
        }
    }

    private mutating func write(
        _ observation: Observation, of observations: Observations, _ start: Timestamp, _ writer: inout TerminalWriter
    ) {
        switch observation {
        case .handshake(let handshake):
            if above == .rows { writer.endLine() }
            begin(handshake.time, handshake.connection, start, &writer)
            writeHeading(handshake, &writer)
            told.note(handshake)
            above = .heading
            return
        case .frame(let frame):
            begin(frame.time, frame.connection, start, &writer)
            writeRow(frame, of: observations, &writer)
            lastFrame = (frame.connection, frame.number)
        case .message(let message):
            begin(message.time, message.connection, start, &writer)
            writeRow(message, of: observations, &writer)
        case .finding(let finding):
            if told.contains(finding) { return }
            if belongsToLastFrame(finding) {
                indent(finding.connection, &writer)
            } else {
                begin(finding.time, finding.connection, start, &writer)
                writePlace(of: finding, &writer)
            }
            writeFinding(finding.violation, finding.connection, &writer)
        case .connection(let connection):
            begin(connection.closed, connection.number, start, &writer)
            writeClosing(connection, &writer)
        case .tls: return
        }
        above = .rows
    }

    /// Begins a line that has a time of its own.
    private mutating func begin(
        _ time: Timestamp, _ connection: Int?, _ start: Timestamp, _ writer: inout TerminalWriter
    ) {
        let last = lastTime ?? time
        lastTime = time
        switch style.times {
        case .relative: margin.write(TimeText.seconds(time.since(start)), connection, to: &writer)
        case .delta: margin.write(TimeText.seconds(time.since(last)), connection, to: &writer)
        case .epoch: margin.write(TimeText.seconds(time.nanoseconds), connection, to: &writer)
        case .absolute: beginWithClock(time, connection, &writer)
        }
    }

    /// The date stands on a line of its own where it is another than above.
    private mutating func beginWithClock(_ time: Timestamp, _ connection: Int?, _ writer: inout TerminalWriter) {
        let date = TimeText.date(time)
        if date != lastDate {
            lastDate = date
            writer.write("\(date) UTC", .strong)
            writer.endLine()
        }
        margin.write(TimeText.clock(time), connection, to: &writer)
    }

    /// Begins a line that belongs to the one above.
    mutating func indent(_ connection: Int?, _ writer: inout TerminalWriter) {
        margin.write("", connection, to: &writer)
        writer.pad(to: margin.width + 2)
    }

    public mutating func write(_ comment: CaptureComment, start: Timestamp, to output: inout [UInt8]) {
        // What stands on statistics, programs write: `Counters provided by dumpcap`, in each of its captures.
        guard options.events.contains(.comment), comment.subject != .statistics else { return }
        TerminalWriter.append(to: &output, style) { writer in
            if case .packet(_, let time) = comment.subject {
                begin(time, nil, start, &writer)
            } else {
                indent(nil, &writer)
            }
            writeComment(comment, &writer)
        }
        above = .rows
    }

    private func belongsToLastFrame(_ finding: Finding) -> Bool {
        lastFrame?.connection == finding.connection && finding.frame != nil && lastFrame?.number == finding.frame
    }
}

/// What each line of the table begins with: a time, where it has one, and the connection's number.
/// Columns grow as the capture does, and never shrink.
struct Margin {
    private var timeWidth = 10
    private var numberWidth = 3

    /// Where the line goes on.
    var width: Int { timeWidth + 2 + numberWidth + 2 }

    /// Begins a line.
    /// - Parameter connection: `nil` where the line belongs to none.
    mutating func write(_ time: String, _ connection: Int?, to writer: inout TerminalWriter) {
        let number = connection.map { "#\($0)" } ?? ""
        timeWidth = max(timeWidth, time.utf8.count)
        numberWidth = max(numberWidth, number.utf8.count)
        writer.skip(timeWidth - time.utf8.count)
        writer.write(time, .faint)
        writer.skip(2)
        if let connection { writer.write(number, .connection(connection)) }
        writer.pad(to: width)
    }
}
