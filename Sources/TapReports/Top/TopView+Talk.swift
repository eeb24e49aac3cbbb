import TapAnalysis
import TapCore

extension TopView {
    /// A connection as it goes: what was said last, and what comes.
    mutating func talk(
        of number: Int, _ report: TopReport, _ style: TableStyle, height: Int, now: Timestamp
    ) -> [[UInt8]] {
        let lines = dialogue(of: number, report, style)
        linesOfTalk = lines.count
        // Totals and the connection stand above, keys below.
        roomForTalk = max(1, height - 3)
        if case .talk(_, let below) = mode, below > 0 {
            mode = .talk(connection: number, below: min(below, max(0, lines.count - roomForTalk)))
        }
        var below = 0
        if case .talk(_, let count) = mode { below = count }
        let end = lines.count - below
        let heading = line(style) { writer in
            writer.write("#\(number)", .connection(number))
            guard let connection = report.connection(number) else {
                return writer.write("  is no longer followed", .faint)
            }
            let state = connection.state(at: now)
            writer.write("  \(state.text)", state.ink)
            let trips = [
                connection.tcpRoundTrip.map { "TCP RTT \(TopNumber.duration($0))" },
                connection.pingRoundTrip.map { "ping \(TopNumber.duration($0))" },
            ]
            let idle = connection.end == nil ? TopNumber.silence(connection.idle(at: now)) : ""
            let items = trips.compactMap(\.self) + (idle.isEmpty ? [] : ["idle \(idle)"])
            for item in items { writer.write(" · \(item)", .faint) }
            writer.write("  \(connection.resource)", .strong)
            if below > 0 { writer.write("  · \(Decimal.counted(UInt64(below), "line")) below", .note) }
        }
        let shown = Array(lines[max(0, end - roomForTalk)..<max(0, end)])
        return [heading] + shown + Array(repeating: [], count: roomForTalk - shown.count)
    }

    /// Below this width times leave no room for what is said.
    private static let leastWidthOfTalk = 40

    /// What is kept of a connection, as `wstap follow` shows it.
    private func dialogue(of number: Int, _ report: TopReport, _ style: TableStyle) -> [[UInt8]] {
        guard style.width >= TopView.leastWidthOfTalk else { return [Array("(too narrow)".utf8.prefix(style.width))] }
        var follow = FollowReport(
            number, form: .dialogue(width: style.width, color: style.hasColor, hasSides: true))
        var output: [UInt8] = []
        for observations in report.talk.observations(of: number) {
            follow.write(observations, start: report.start, to: &output)
        }
        while output.last == UInt8(ascii: "\n") { output.removeLast() }
        return output.isEmpty
            ? [] : output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    }
}
