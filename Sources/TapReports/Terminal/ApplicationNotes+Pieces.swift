import TapAnalysis
import TapSubprotocols

extension ApplicationNotes {
    /// Units that one line of text has.
    private static let itemsOfLine = 8

    /// Whether they say more than the payload: of JSON of any kind they do not.
    var speaksForPayload: Bool { items.contains { $0.protocol != .json } }

    /// The same as one text; `nil` where the payload says as much.
    func line(isQuoting: Bool) -> String? {
        guard speaksForPayload else { return nil }
        let lines = items.prefix(ApplicationNotes.itemsOfLine).map { item in
            let (summary, answer) = ApplicationNotes.pieces(of: item, isQuoting: isQuoting)
            return (summary.map(\.text) + [answer?.text ?? ""]).joined()
        }
        return (lines + (items.count > lines.count ? ["…"] : [])).joined(separator: " · ")
    }

    /// What a line of text shows of a unit: its summary in colours, and how long the answer took.
    /// - Parameters:
    ///   - isQuoting: whether anything is shown that stands in the message.
    ///   - isShort: whether there is little room for it.
    static func pieces(
        of item: ApplicationItem, isQuoting: Bool, isShort: Bool = false
    ) -> (summary: [Piece], answer: Piece?) {
        let summary = isQuoting && !item.summary.isEmpty ? item.summary : item.kind
        let answer = item.answer?.latency.map { latency in
            Piece((isShort ? " +" : " … answered after ") + Seconds.text(latency), .faint)
        }
        let ink: Ink = item.error != nil || item.malformed != nil ? .error : item.isHeartbeat ? .faint : .plain
        if item.error == nil, !item.isHeartbeat {
            let words = [item.kind, item.name ?? ""].filter { !$0.isEmpty }
            if let word = words.first(where: { summary.hasPrefix($0) }) {
                return ([Piece(word, .name), Piece(String(summary.dropFirst(word.count)), ink)], answer)
            }
        }
        return ([Piece(summary, ink)], answer)
    }
}

extension TerminalWriter {
    /// Below so many cells it is not said in words how long an answer took.
    private static let roomForWords = 60

    /// Writes what fits into the line of what a message says, so that how long an answer took is seen in any case.
    mutating func write(_ notes: ApplicationNotes, isQuoting: Bool) {
        let isShort = room < TerminalWriter.roomForWords
        for (index, item) in notes.items.enumerated() {
            if index > 0 { write(" · ", .faint) }
            let (summary, answer) = ApplicationNotes.pieces(of: item, isQuoting: isQuoting, isShort: isShort)
            let kept = answer.map { TerminalText.cells($0.text) } ?? 0
            for piece in summary where room > kept {
                write(TerminalText.beginning(of: piece.text, cells: room - kept), piece.ink)
            }
            if let answer { write(answer.text, answer.ink) }
        }
    }
}

extension TerminalText {
    /// As much of a text as takes so many cells, with an ellipsis where that is not all.
    static func beginning(of text: String, cells limit: Int) -> String {
        guard TerminalText.cells(text) > limit else { return text }
        var rest = text.prefix(limit)
        while !rest.isEmpty, TerminalText.cells(String(rest)) >= limit { rest.removeLast() }
        return rest + "…"
    }
}
