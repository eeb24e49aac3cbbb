import TapWebSocket

extension TerminalWriter {
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    private static let heights = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Writes a bar from left to right, in steps of an eighth of a cell; what is more than nothing can be seen.
    mutating func write(bar value: UInt64, of most: UInt64, cells: Int, _ ink: Ink) {
        guard value > 0, most > 0, cells > 0 else { return }
        let length = max(1, Int((Double(value) / Double(most) * Double(cells * 8)).rounded()))
        write(String(repeating: "█", count: length / 8) + TerminalWriter.eighths[length % 8], ink)
    }

    /// Writes columns of one row's height, a cell each.
    mutating func write(columns values: [UInt64], of most: UInt64, _ ink: Ink) {
        write(TerminalWriter.columns(values, of: most), ink)
    }

    /// The same as text.
    static func columns(_ values: [UInt64], of most: UInt64) -> String {
        values.map { value -> String in
            guard value > 0, most > 0 else { return " " }
            let height = Int((Double(value) / Double(most) * Double(heights.count)).rounded(.up))
            return heights[min(max(height, 1), heights.count) - 1]
        }.joined()
    }
}
