import TapCore

extension TerminalWriter {
    /// Of the cells that are free, the part that stands before a match, where there is so much text.
    private static let shareBeforeMatch = 3

    /// Writes what fits into the line of a text: from its beginning, unless a match would then not be seen.
    /// - Parameter match: what is marked.
    mutating func write(excerpt text: ArraySlice<UInt8>, _ ink: Ink, around match: Range<Int>?) {
        let isJSON = JSONShape.fits(text)
        let start = match.map { startOfExcerpt(text, isJSON, around: $0) } ?? text.startIndex
        if start > text.startIndex { write("…", .faint) }
        if isJSON {
            write(json: text, from: start, marking: match)
        } else {
            write(text[start...], ink, marking: match)
        }
    }

    /// Writes a text in which a part is marked.
    mutating func write(_ text: ArraySlice<UInt8>, _ ink: Ink, marking match: Range<Int>?) {
        guard let marked = match?.clamped(to: text.indices), !marked.isEmpty else { return write(text, ink) }
        write(text[..<marked.lowerBound], ink)
        write(text[marked], .match)
        write(text[marked.upperBound...], ink)
    }

    /// Where to begin, so that the match fits and as much of what stands before it as leaves room for more behind it.
    private func startOfExcerpt(_ text: ArraySlice<UInt8>, _ isJSON: Bool, around match: Range<Int>) -> Int {
        // An ellipsis may follow, and another may stand before it.
        let free = room - 2
        let head = text[..<match.upperBound]
        if (isJSON ? TerminalWriter.cells(ofJSON: head) : TerminalText.cells(head)) <= free { return text.startIndex }
        let tail = text[match.lowerBound...]
        let rest = tail.count <= free ? TerminalText.cells(tail) : free
        var before = max(free / TerminalWriter.shareBeforeMatch, free - rest)
        while before > 0 {
            let earliest = max(match.lowerBound - before, text.startIndex)
            // A character is not cut.
            let start = text[earliest..<match.lowerBound].firstIndex { $0 & 0xC0 != 0x80 } ?? match.lowerBound
            if TerminalText.cells(text[start..<match.upperBound]) <= free { return start }
            before /= 2
        }
        return match.lowerBound
    }

    /// The cells that JSON takes without the spaces between its tokens.
    private static func cells(ofJSON text: ArraySlice<UInt8>) -> Int {
        JSONToken.all(in: text).reduce(0) { $0 + ($1.kind == .space ? 0 : TerminalText.cells(text[$1.range])) }
    }
}
