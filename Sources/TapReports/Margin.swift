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
