import TapCore

/// Round numbers with a unit, as short as they can be: `500 B`, `2 kB`, `50 ms`.
enum Quantity {
    /// What is counted.
    enum Kind {
        /// Bytes, by thousands.
        case bytes
        /// Nanoseconds.
        case time
    }

    /// - Parameter value: one of the steps of a ``Distribution``.
    static func text(_ value: Int64, _ kind: Kind) -> String {
        let unit = unit(of: value, kind)
        return "\(value / unit.size) \(unit.name)"
    }

    /// A step: `20 – 50 ms`, with the unit once where both have the same.
    static func text(_ step: Distribution.Step, _ kind: Kind) -> String {
        let (from, below) = (unit(of: step.from, kind), unit(of: step.below, kind))
        // The first step holds zero alone.
        guard step.from > 0 else { return kind == .time ? "0 s" : "0 B" }
        if from.size == below.size { return "\(step.from / from.size) – \(text(step.below, kind))" }
        return "\(text(step.from, kind)) – \(text(step.below, kind))"
    }

    /// Any number of bytes or nanoseconds for people.
    static func exact(_ value: Int64, _ kind: Kind) -> String {
        switch kind {
        case .bytes: "\(Decimal.grouped(UInt64(clamping: value))) B"
        case .time: TimeText.duration(value)
        }
    }

    private static func unit(of value: Int64, _ kind: Kind) -> (name: String, size: Int64) {
        let units: [(name: String, size: Int64)] =
            switch kind {
            case .bytes: [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1)]
            case .time: [("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1_000), ("ns", 1)]
            }
        return units.first { value >= $0.size } ?? (kind == .bytes ? ("B", 1) : ("ns", 1))
    }
}
