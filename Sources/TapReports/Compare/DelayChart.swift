import TapCore
import TapWebSocket

/// A chart of how long messages took from one capture to the other: a point each, the later the higher.
struct DelayChart {
    private struct Point {
        let sender: Sender
        let time: Int64
        let delay: Int64
        let isDifferent: Bool
    }

    private static let width = 900.0
    private static let height = 160.0
    private static let margin = 60.0
    /// More of one kind would hide each other.
    private static let mostPoints = 1_000

    private let points: [Point]

    init(_ connection: ConnectionComparison) {
        let known = connection.pairs.compactMap { pair -> Point? in
            guard let delay = pair.delay, let time = pair.first?.time else { return nil }
            return Point(
                sender: pair.sender, time: time.nanoseconds, delay: max(delay, 0), isDifferent: pair.isDifferent)
        }
        points = DelayChart.some(known.filter { !$0.isDifferent }) + DelayChart.some(known.filter(\.isDifferent))
    }

    /// So many that they do not hide each other, from begin to end, and the latest.
    private static func some(_ points: [Point]) -> [Point] {
        let step = (points.count + mostPoints - 1) / mostPoints
        guard step > 1 else { return points }
        let latest = points.max { $0.delay < $1.delay }
        return stride(from: 0, to: points.count, by: step).map { points[$0] } + [latest].compactMap(\.self)
    }

    /// Nothing where there are fewer points than make a chart.
    var text: String {
        guard points.count > 1, let first = points.map(\.time).min(), let last = points.map(\.time).max(),
            let most = points.map(\.delay).max(), most > 0
        else { return "" }
        let span = Double(max(1, last - first))
        let dots = points.map { point in
            let x = DelayChart.margin + Double(point.time - first) / span * (DelayChart.width - DelayChart.margin - 10)
            let y = 10 + (1 - Double(point.delay) / Double(most)) * (DelayChart.height - 30)
            let kind = point.isDifferent ? "dot error" : "dot \(point.sender.rawValue)"
            return "<circle class=\"\(kind)\" cx=\"\(DelayChart.text(x))\" cy=\"\(DelayChart.text(y))\" r=\"3\"/>"
        }
        let base = DelayChart.text(DelayChart.height - 20)
        let right = DelayChart.text(DelayChart.width)
        return """
            <svg viewBox="0 0 \(right) \(DelayChart.text(DelayChart.height))" role="img" aria-label="How long messages took">
            <line class="axis" x1="\(DelayChart.text(DelayChart.margin))" x2="\(right)" y1="\(base)" y2="\(base)"/>
            <text x="0" y="14">\(TimeText.duration(most))</text><text x="0" y="\(base)">0</text>
            <text x="\(right)" y="\(DelayChart.text(DelayChart.height - 4))" text-anchor="end">\(TimeText.duration(last - first))</text>
            \(dots.joined(separator: "\n"))
            </svg>
            <p class="faint"><b class="client">● client</b> <b class="server">● server</b> <b class="error">● different</b></p>
            """
    }

    /// With one decimal.
    private static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }
}
