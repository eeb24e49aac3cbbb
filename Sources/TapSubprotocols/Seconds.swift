/// Spans of time for people.
package enum Seconds {
    /// `850 µs`, `12 ms`, `2.06 s`.
    package static func text(_ nanoseconds: Int64) -> String {
        switch nanoseconds {
        case ..<1_000_000: return "\(nanoseconds / 1_000) µs"
        case ..<1_000_000_000: return "\(nanoseconds / 1_000_000) ms"
        default:
            let hundredths = nanoseconds / 10_000_000
            let (seconds, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
            guard rest > 0 else { return "\(seconds) s" }
            return rest % 10 == 0 ? "\(seconds).\(rest / 10) s" : "\(seconds).\(rest < 10 ? "0" : "")\(rest) s"
        }
    }
}
