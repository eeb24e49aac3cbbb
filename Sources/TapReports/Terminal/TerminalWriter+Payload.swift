import TapCore

extension TerminalWriter {
    /// Writes what fits into the line.
    /// - Parameter search: what a text is shown for: it begins so late that a match fits.
    mutating func write(preview view: PayloadView, _ ink: Ink, showing search: TextSearch? = nil) {
        switch view {
        case .sentence(let sentence):
            write(sentence)
        case .text(let text, let isCut):
            write(excerpt: text, ink, around: search?.firstMatch(in: text))
            if isCut { write("…", .faint) }
        case .bytes(let bytes, let isCut):
            guard !bytes.isEmpty else { return }
            // Each byte takes two digits, a space and a character; two bars stand around the characters.
            let isWhole = !isCut && bytes.count <= (room - 2) / 4
            let shown = isWhole ? bytes : bytes.prefix(max((room - 4) / 4, 1))
            write(TerminalWriter.hex(shown), ink)
            if !isWhole { write(" …", .faint) }
            write(" |\(TerminalWriter.characters(shown))|", .faint)
        }
    }

    /// Writes all of a payload on lines of its own.
    /// - Parameter newLine: writes what each line begins with.
    mutating func write(full view: PayloadView, newLine: (inout TerminalWriter) -> Void) {
        switch view {
        case .sentence(let sentence):
            newLine(&self)
            write(sentence)
            endLine()
        case .text(let text, let isCut):
            for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                writeFolded(line, newLine)
            }
            if isCut { writeCutNote(newLine) }
        case .bytes(let bytes, let isCut):
            newLine(&self)
            let shape = DumpShape.fitting(room, for: bytes.count)
            let perLine = shape.perLine
            for start in stride(from: 0, to: bytes.count, by: perLine) {
                if start > 0 { newLine(&self) }
                let row = bytes.dropFirst(start).prefix(perLine)
                let offset = Hex.string([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: start >> $0) })
                write(String(offset.suffix(shape.digits)), .faint)
                skip(2)
                let column = column
                write(TerminalWriter.hex(row))
                pad(to: column + perLine * 3 + 1)
                write("|\(TerminalWriter.characters(row))|", .faint)
                endLine()
            }
            if isCut { writeCutNote(newLine) }
        }
    }

    /// The same of no more than some bytes; says so where there are more.
    mutating func write(full view: PayloadView, atMost limit: Int, newLine: (inout TerminalWriter) -> Void) {
        let (shown, left) = view.parted(after: limit)
        write(full: shown, newLine: newLine)
        guard left > 0 else { return }
        newLine(&self)
        write("… \(Decimal.grouped(UInt64(clamping: left))) B more are not shown (--max-shown)", .faint)
        endLine()
    }

    /// Writes one line of text on as many lines as it needs.
    private mutating func writeFolded(_ text: ArraySlice<UInt8>, _ newLine: (inout TerminalWriter) -> Void) {
        let span = text.span
        var offset = 0
        var start = 0
        repeat {
            start = offset
            newLine(&self)
            write(span.bytes, from: &offset)
            endLine()
            // A line too narrow for a single escape ends the text, rather than never.
        } while offset < span.count && offset > start
    }

    /// Goes on with a text in the line, and on as many further ones as it needs: broken behind spaces where that leaves no line
    /// half empty.
    mutating func write(folded text: ArraySlice<UInt8>, _ ink: Ink, newLine: (inout TerminalWriter) -> Void) {
        var rest = text
        var isNew = false
        while true {
            let fitting = beginning(of: rest)
            // A line too narrow for a single escape ends the text, rather than never.
            if fitting.count == rest.count || fitting.isEmpty && isNew { return write(rest, ink) }
            write(fitting, ink)
            rest = rest[fitting.endIndex...]
            endLine()
            newLine(&self)
            isNew = true
        }
    }

    /// What of a text the line has room for: to a space, where that leaves it no more than half empty.
    func beginning(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let fitting = text.prefix(TerminalText.count(of: text, fitting: room))
        guard fitting.count < text.count, let space = fitting.lastIndex(of: UInt8(ascii: " ")),
            space - fitting.startIndex >= fitting.count / 2
        else { return fitting }
        return fitting[...space]
    }

    private mutating func writeCutNote(_ newLine: (inout TerminalWriter) -> Void) {
        newLine(&self)
        write("… the rest was not kept", .faint)
        endLine()
    }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { Hex.string(CollectionOfOne($0)) }.joined(separator: " ")
    }

    /// ASCII where it can be printed, else dots.
    private static func characters(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { $0 >= 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    }
}

/// How bytes are laid out in lines of their own.
private struct DumpShape {
    let perLine: Int
    /// Those of the offset.
    let digits: Int

    /// The offset, two digits and a space for each byte, and the characters between bars.
    private var cells: Int { digits + 2 + 3 * perLine + 1 + perLine + 2 }

    static func fitting(_ room: Int, for count: Int) -> DumpShape {
        let digits = count <= 0x1_0000 ? 4 : 8
        let shapes = [
            DumpShape(perLine: 16, digits: 8), DumpShape(perLine: 8, digits: 8), DumpShape(perLine: 8, digits: digits),
        ]
        return shapes.first { $0.cells <= room } ?? DumpShape(perLine: 4, digits: digits)
    }
}

extension PayloadView {
    /// What there is up to a limit, and how many bytes are left.
    fileprivate func parted(after limit: Int) -> (shown: PayloadView, left: Int) {
        switch self {
        case .sentence: return (self, 0)
        case .text(let text, _):
            guard text.count > limit else { return (self, 0) }
            let start = text.prefix(limit)
            let whole = start.prefix(UTF8Text.validLength(of: start, isCut: true) ?? start.count)
            return (.text(whole, isCut: false), text.count - whole.count)
        case .bytes(let bytes, _):
            guard bytes.count > limit else { return (self, 0) }
            return (.bytes(bytes.prefix(limit), isCut: false), bytes.count - limit)
        }
    }

    /// Whether all of it can be shown in one line with so many cells.
    func fits(_ cells: Int) -> Bool {
        switch self {
        case .sentence: true
        case .text(let text, let isCut):
            !isCut && text.count <= cells * 8 && !text.contains(UInt8(ascii: "\n")) && TerminalText.cells(text) <= cells
        case .bytes(let bytes, let isCut): !isCut && bytes.count <= (cells - 2) / 4
        }
    }
}
