/// How a report for people looks.
struct TableStyle {
    private static let leastWidth = 40

    /// No line is longer, in terminal cells.
    let width: Int
    let hasColor: Bool
    /// Whether times are those of the day in UTC, rather than seconds since the first packet.
    let hasAbsoluteTimes: Bool

    init(width: Int, hasColor: Bool, hasAbsoluteTimes: Bool = false) {
        self.width = max(width, TableStyle.leastWidth)
        self.hasColor = hasColor
        self.hasAbsoluteTimes = hasAbsoluteTimes
    }
}
