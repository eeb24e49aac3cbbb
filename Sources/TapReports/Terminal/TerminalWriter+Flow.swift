extension TerminalWriter {
    /// Lines that a text may take before it is cut: the wire must not fill the screen.
    static let lineLimit = 4

    /// Writes pieces one after the other, and goes on in a new line where one does not fit. What has no room in a whole line is
    /// broken, behind spaces where it has some.
    /// - Parameters:
    ///   - limit: lines that it may take before it is cut.
    ///   - newLine: writes what the new line begins with.
    mutating func flow(
        _ pieces: [Piece], separator: Piece, limit: Int = lineLimit, newLine: (inout TerminalWriter) -> Void
    ) {
        withoutActuallyEscaping(newLine) { flow(pieces, separator, limit, LineBeginning(write: $0)) }
    }

    /// What a new line begins with. In a type of its own, since otherwise the compiler makes a copy of all of this for each.
    private struct LineBeginning {
        let write: (inout TerminalWriter) -> Void
    }

    private mutating func flow(_ pieces: [Piece], _ separator: Piece, _ limit: Int, _ newLine: LineBeginning) {
        var isAtStart = true
        var lines = 1
        for piece in pieces {
            if !isAtStart {
                let needed = TerminalText.cells(separator.text) + piece.cells
                if needed > room, lines < limit {
                    endLine()
                    newLine.write(&self)
                    lines += 1
                } else {
                    write(separator.text, separator.ink)
                }
            }
            write(piece.beginning, .faint)
            write(piece, &lines, limit, newLine)
            isAtStart = false
        }
    }

    private mutating func write(_ piece: Piece, _ lines: inout Int, _ limit: Int, _ newLine: LineBeginning) {
        var rest = Array(piece.text.utf8)[...]
        while lines < limit {
            let fitting = beginning(of: rest)
            // A line too narrow for a single character ends the text, rather than never.
            guard fitting.count < rest.count, !fitting.isEmpty || lines == 1 else { break }
            write(fitting, piece.ink)
            rest = rest[fitting.endIndex...]
            endLine()
            newLine.write(&self)
            lines += 1
        }
        write(rest, piece.ink)
    }

    /// Items of one thing, with dots between them.
    mutating func flow(items: [Piece], limit: Int = lineLimit, newLine: (inout TerminalWriter) -> Void) {
        flow(items, separator: Piece(" · ", .faint), limit: limit, newLine: newLine)
    }
}
