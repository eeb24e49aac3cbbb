/// Durations as people read them.
package enum Seconds {
    /// In the unit that suits it, rounded to three significant digits: `850 µs`, `12.3 ms`, `2.06 s`, `3.75 h`. Whole days
    /// from 1000 on have all their digits.
    package static func text(_ nanoseconds: Int64) -> String {
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = nanoseconds.magnitude
        if magnitude == 0 { return "0 s" }
        if magnitude < 1_000 { return "\(nanoseconds) ns" }
        for (name, length, most) in units {
            // Thousandths of the unit, rounded to what is shown of them.
            let thousandths = magnitude / (length / 1_000)
            let step: UInt64 = thousandths < 10_000 ? 10 : thousandths < 100_000 ? 100 : 1_000
            let unit = step * (length / 1_000)
            let rounded = (magnitude / unit + (magnitude % unit * 2 >= unit ? 1 : 0)) * step
            if rounded < most { return "\(sign)\(decimal(rounded)) \(name)" }
        }
        return "\(sign)\(magnitude / day) d"
    }

    private static let day: UInt64 = 86_400_000_000_000
    /// Each with its length in nanoseconds, and with how many thousandths of it the next one suits better.
    private static let units: [(name: String, length: UInt64, most: UInt64)] = [
        ("µs", 1_000, 1_000_000), ("ms", 1_000_000, 1_000_000), ("s", 1_000_000_000, 1_000_000),
        ("min", 60_000_000_000, 100_000), ("h", 3_600_000_000_000, 48_000), ("d", day, 1_000_000),
    ]

    /// A number of thousandths, without zeros at its end.
    private static func decimal(_ thousandths: UInt64) -> String {
        let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1_000)
        guard rest > 0 else { return "\(whole)" }
        var digits = String(rest + 1_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
