import TapAnalysis

extension Summary {
    /// The totals as the table ends with them.
    /// - Parameter dropped: packets that a live capture lost.
    package func lines(dropped: UInt64, width: Int, hasColor: Bool) -> [UInt8] {
        var output: [UInt8] = []
        TerminalWriter.append(to: &output, TableStyle(width: width, hasColor: hasColor)) { writer in
            writer.write(self, dropped: dropped)
        }
        return output
    }
}
