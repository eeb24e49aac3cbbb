/// How a report for people looks.
struct TableStyle {
    private static let leastWidth = 40

    /// No line is longer, in terminal cells.
    let width: Int
    let hasColor: Bool
    let times: TableTimes

    init(width: Int, hasColor: Bool, times: TableTimes = .relative) {
        self.width = max(width, TableStyle.leastWidth)
        self.hasColor = hasColor
        self.times = times
    }
}
