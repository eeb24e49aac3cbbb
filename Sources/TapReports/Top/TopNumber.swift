import TapCore

/// Numbers in few characters, so that one can take them in while they change.
enum TopNumber {
    /// At most six characters: `0.4`, `12`, `12.3k`.
    static func short(_ value: Double) -> String {
        if value == 0 { return "0" }
        if value < 10 { return tenths(value) }
        if value < 10_000 { return Decimal.grouped(UInt64(value.rounded())) }
        for (name, size) in [("k", 1e3), ("M", 1e6), ("G", 1e9)] where value < size * 1_000 {
            return tenths(value / size) + name
        }
        return "\(tenths(value / 1e12))T"
    }

    /// The same with a place for the decimal, so that columns of small numbers have their points below each other.
    static func rate(_ value: Double) -> String {
        value == 0 ? "0  " : value < 1_000 ? tenths(value) : short(value)
    }

    /// A count has no decimals.
    static func short(_ count: UInt64) -> String { count < 10 ? "\(count)" : short(Double(count)) }

    /// `87.0 µs`, `115 µs`, `1.2 s`, `12 min`
    static func duration(_ nanoseconds: Int64) -> String {
        let minute: Int64 = 60_000_000_000
        if nanoseconds >= 2 * minute { return "\(nanoseconds / minute) min" }
        for (name, size) in [("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1_000)] as [(String, Int64)]
        where nanoseconds >= size {
            let value = Double(nanoseconds) / Double(size)
            return (value < 100 ? tenths(value) : "\(nanoseconds / size)") + " \(name)"
        }
        return "\(nanoseconds) ns"
    }

    /// How long nothing was said; nothing where that is no more than a second.
    static func silence(_ nanoseconds: Int64) -> String {
        nanoseconds < 1_000_000_000 ? "" : duration(nanoseconds)
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int(min((value * 10).rounded(), 1e15))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
