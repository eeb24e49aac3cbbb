import TapAnalysis
import TapCore

extension Summary {
    /// What of the totals passed a display filter; nothing where there was none.
    /// - Parameter withFrames: whether frames and messages are told at all.
    func shownItems(withFrames: Bool = true) -> [Piece] {
        guard let shown else { return [] }
        let findings = UInt64(clamping: shown.findings.values.reduce(0, +))
        let all = UInt64(clamping: self.findings.values.reduce(0, +))
        var items = [Piece(part(UInt64(clamping: shown.connections), UInt64(clamping: connections), "connection"))]
        if withFrames, shown.frames > 0 || shown.messages == 0 {
            items.append(Piece(part(shown.frames, frames, "frame")))
        }
        if shown.messages > 0 { items.append(Piece(part(shown.messages, messages, "message"))) }
        if all > 0 { items.append(Piece(part(findings, all, "finding"))) }
        items.append(Piece("filter: \(shown.filter)", .faint))
        for (field, count) in shown.absent.sorted(by: { $0.key < $1.key }) {
            items.append(Piece("\(Decimal.grouped(count)) shown because \(field) is absent", .warning))
        }
        if shown.givenUp > 0 {
            items.append(Piece("! no answer of a regular expression about \(shown.givenUp)", .warning))
        }
        if shown.framesWithoutMessage > 0 {
            let count = Decimal.counted(shown.framesWithoutMessage, "frame")
            items.append(Piece("! \(count) looked at before their message was over", .warning))
        }
        return items
    }

    /// `2 of 22 frames`.
    private func part(_ shown: UInt64, _ all: UInt64, _ noun: String) -> String {
        "\(Decimal.grouped(shown)) of \(Decimal.counted(all, noun))"
    }
}
