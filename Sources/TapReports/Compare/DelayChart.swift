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
    private static let height = 180.0
    private static let margin = 70.0
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

    /// Nothing where there are fewer points than make a chart. The scale is logarithmic: most messages take a thousandth of what a late one does.
    var text: String {
        guard points.count > 1, let first = points.map(\.time).min(), let last = points.map(\.time).max(),
            let most = points.map(\.delay).max(), most > 0
        else { return "" }
        let least = points.map(\.delay).filter { $0 > 0 }.min() ?? most
        let scale = DelayScale(least...most, top: 14, bottom: DelayChart.height - 30)
        let span = Double(max(1, last - first))
        let dots = points.map { point in
            let x = DelayChart.margin + Double(point.time - first) / span * (DelayChart.width - DelayChart.margin - 10)
            let kind = point.isDifferent ? "dot error" : "dot \(point.sender.rawValue)"
            let place = "cx=\"\(DelayChart.text(x))\" cy=\"\(DelayChart.text(scale.height(of: point.delay)))\""
            return "<circle class=\"\(kind)\" \(place) r=\"3\"/>"
        }
        let right = DelayChart.text(DelayChart.width)
        let lines = scale.decades.map { delay in
            let y = scale.height(of: delay)
            let (start, end) = (DelayChart.text(DelayChart.margin), DelayChart.text(y))
            return """
                <line class="axis" x1="\(start)" x2="\(right)" y1="\(end)" y2="\(end)"/>
                <text x="0" y="\(DelayChart.text(y + 4))">\(TimeText.duration(delay))</text>
                """
        }
        return """
            <div class="wide"><svg viewBox="0 0 \(right) \(DelayChart.text(DelayChart.height))" role="img" \
            aria-label="How long each message was on its way, by when it went by">
            \(lines.joined(separator: "\n"))
            <text x="\(right)" y="\(DelayChart.text(DelayChart.height - 6))" text-anchor="end">\(TimeText.duration(last - first))</text>
            \(dots.joined(separator: "\n"))
            </svg></div>
            <p class="faint">How long each message was on its way: <b class="client">● client</b> <b class="server">● server</b> \
            <b class="error">● different</b></p>
            """
    }

    /// With one decimal.
    private static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(abs(tenths % 10))"
    }
}

/// A logarithmic scale for times.
private struct DelayScale {
    /// The powers of ten that all lie between, in nanoseconds.
    let decades: [Int64]
    private let top: Double
    private let bottom: Double

    init(_ delays: ClosedRange<Int64>, top: Double, bottom: Double) {
        let powers = (0...18).map { power in (0..<power).reduce(Int64(1)) { product, _ in product * 10 } }
        let lowest = powers.last { $0 <= delays.lowerBound } ?? 1
        let highest = powers.first { $0 >= delays.upperBound && $0 > lowest } ?? .max
        decades = powers.filter { (lowest...highest).contains($0) }
        (self.top, self.bottom) = (top, bottom)
    }

    func height(of delay: Int64) -> Double {
        guard let lowest = decades.first, let highest = decades.last, lowest < highest else { return bottom }
        let (low, high) = (DelayScale.logarithm(lowest), DelayScale.logarithm(highest))
        return bottom - (DelayScale.logarithm(max(delay, lowest)) - low) / (high - low) * (bottom - top)
    }

    /// To the base of 2, off by a hundredth at most: what lies between two powers is a parabola.
    private static func logarithm(_ value: Int64) -> Double {
        let value = Double(max(value, 1))
        let part = value.significand
        return Double(value.exponent) + (2 - part / 3) * part - 5.0 / 3
    }
}
