import TapAnalysis
import TapCore

/// The view for people: a heading for each connection, a row for each frame with its findings below, a closing line,
/// and totals at the end. Every line has its connection's number, and none is wider than the terminal.
public struct TableReport: Report {
    let options: ReportOptions
    var margin: Margin
    /// What the kind of a frame and its length take together. Like the margin, it grows as the capture needs it.
    var kindAndLengthWidth = 16
    /// Whether nothing has said yet where findings are explained, and something is to.
    var hintIsDue: Bool
    private var style: TableStyle
    /// The frame of the row above, whose findings need no place of their own.
    private var lastFrame: (connection: Int, number: Int)?
    private var told = ToldFindings()
    private var unreadTLS = UnreadTLSLines()
    /// That there was no close frame, until the connection's end says the same.
    private var endFinding: Finding?
    /// The rows that wait for earlier ones, where they are to.
    private var order: RowOrder?
    private var start = Timestamp(nanoseconds: 0)
    private var above = Above.nothing
    private var lastDate = ""
    /// The time above.
    private var lastTime: Timestamp?
    /// Whether whoever puts rows into order also parts headings from what is above.
    private let isSorted: Bool

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
        // Times that count from the row above allow no other row to come in between.
        isSorted = if case .delta = times { false } else { options.sortsRows }
        margin = Margin(isSorted: isSorted)
        if isSorted { order = RowOrder() }
    }

    public mutating func resize(to width: Int) {
        style = TableStyle(width: width, hasColor: style.hasColor, times: style.times)
    }

    public mutating func write(_ observations: Observations, start: Timestamp, to output: inout [UInt8]) {
        self.start = start
        for observation in observations.all where options.events.contains(observation.event) {
            if let finding = endFinding, observation.connectionNumber != finding.connection {
                endFinding = nil
                add(.finding(finding), of: observations, start, to: &output)
            }
            switch observation {
            case .tls(let unread): unreadTLS.note(unread)
            // The connection's end says the same in the next row.
            case .finding(let finding)
            where finding.violation.id == .closeMissing && options.events.contains(.connection):
                endFinding = finding
            case .handshake, .frame, .message, .finding, .connection:
                add(observation, of: observations, start, to: &output)
            }
        }
    }

    private mutating func add(
        _ observation: Observation, of observations: Observations, _ start: Timestamp, to output: inout [UInt8]
    ) {
        guard var waiting = order else {
            return TerminalWriter.append(to: &output, style) { writer in
                write(observation, of: observations, start, &writer)
            }
        }
        order = nil
        let (time, kind) = place(of: observation)
        // A finding about a frame may be known at the connection's end alone.
        let keepsOrder = if case .finding(let finding) = observation { finding.frame == nil } else { true }
        waiting.add(time, keepsOrder ? observation.connectionNumber : nil, kind, to: &output) { output in
            TerminalWriter.append(to: &output, style) { writer in write(observation, of: observations, start, &writer) }
        }
        order = waiting
    }

    /// The time of an observation's row; `nil` where it goes on with the row above.
    private func place(of observation: Observation) -> (Timestamp?, RowOrder.Kind) {
        switch observation {
        case .handshake(let handshake): (handshake.time, .heading)
        case .frame(let frame): (frame.time, .row)
        case .message(let message): (message.time, .row)
        case .finding(let finding): (belongsToLastFrame(finding) ? nil : finding.time, .row)
        case .connection(let connection): (connection.closed, .row)
        case .tls: (nil, .row)
        }
    }

    public mutating func finish(_ summary: Summary, dropped: UInt64, to output: inout [UInt8]) {
        if let finding = endFinding { add(.finding(finding), of: Observations(), start, to: &output) }
        order?.finish(to: &output)
        guard options.events.contains(.summary) else { return }
        TerminalWriter.append(to: &output, style) { writer in
            if above != .nothing { writer.endLine() }
            writer.write(summary, dropped: dropped)
            writer.write(unreadTLS)
        }
    }

    private mutating func write(
        _ observation: Observation, of observations: Observations, _ start: Timestamp, _ writer: inout TerminalWriter
    ) {
        switch observation {
        case .handshake(let handshake):
            if above == .rows, !isSorted { writer.endLine() }
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
            writeClosing(connection, endFinding, &writer)
            endFinding = nil
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
        case .absolute: beginWithClock(time, nil, connection, &writer)
        case .local(let offset): beginWithClock(time, offset(time), connection, &writer)
        }
    }

    /// The date stands on a line of its own where it is another than above.
    /// - Parameter offset: seconds that clocks are ahead of UTC; `nil` where UTC itself is meant.
    private mutating func beginWithClock(
        _ time: Timestamp, _ offset: Int?, _ connection: Int?, _ writer: inout TerminalWriter
    ) {
        let (shifted, isBeyond) = time.nanoseconds.addingReportingOverflow(Int64(offset ?? 0) * 1_000_000_000)
        let time = isBeyond ? time : Timestamp(nanoseconds: shifted)
        let date = "\(TimeText.date(time)) \(offset.map(TimeText.zone) ?? "UTC")"
        if date != lastDate {
            lastDate = date
            writer.write(date, .strong)
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
        let time: Timestamp? = if case .packet(_, let time) = comment.subject { time } else { nil }
        guard var waiting = order else {
            return TerminalWriter.append(to: &output, style) { writer in write(comment, at: time, start, &writer) }
        }
        order = nil
        waiting.add(time, nil, .row, to: &output) { output in
            TerminalWriter.append(to: &output, style) { writer in write(comment, at: time, start, &writer) }
        }
        order = waiting
    }

    private mutating func write(
        _ comment: CaptureComment, at time: Timestamp?, _ start: Timestamp, _ writer: inout TerminalWriter
    ) {
        if let time { begin(time, nil, start, &writer) } else { indent(nil, &writer) }
        writeComment(comment, &writer)
        above = .rows
    }

    private func belongsToLastFrame(_ finding: Finding) -> Bool {
        lastFrame?.connection == finding.connection && finding.frame != nil && lastFrame?.number == finding.frame
    }
}

/// What each line of the table begins with: a time, where it has one, and the connection's number.
/// Columns grow as the capture does, and never shrink.
struct Margin {
    private var timeWidth = Margin.leastTimeWidth
    private var numberWidth = 3
    /// Whether rows stand in the order of time once they are all written: then none that stands above has a longer time.
    private let isSorted: Bool

    private static let leastTimeWidth = 10

    init(isSorted: Bool) { self.isSorted = isSorted }

    /// Where the line goes on.
    var width: Int { timeWidth + 2 + numberWidth + 2 }

    /// Begins a line.
    /// - Parameter connection: `nil` where the line belongs to none.
    mutating func write(_ time: String, _ connection: Int?, to writer: inout TerminalWriter) {
        let number = connection.map { "#\($0)" } ?? ""
        // A line without a time goes on with the one before.
        if isSorted, !time.isEmpty { timeWidth = Margin.leastTimeWidth }
        timeWidth = max(timeWidth, time.utf8.count)
        numberWidth = max(numberWidth, number.utf8.count)
        writer.skip(timeWidth - time.utf8.count)
        writer.write(time, .faint)
        writer.skip(2)
        if let connection { writer.write(number, .connection(connection)) }
        writer.pad(to: width)
    }
}
