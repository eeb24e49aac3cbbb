import TapCore

/// Writes lines that fit a terminal. All text is escaped on its way, and what does not fit is cut at an ellipsis:
/// there is no other way in.
struct TerminalWriter {
    private var bytes: [UInt8] = []
    private let width: Int
    private let hasColor: Bool
    /// Cells of the current line that are filled.
    private var filled = 0
    /// Spaces that are written once something follows them.
    private var gap = 0
    /// Where the line can be cut so that an ellipsis fits behind it.
    private var cut = 0
    private var cutColumn = 0
    private var isFull = false

    init(_ style: TableStyle) {
        width = style.width
        hasColor = style.hasColor
    }

    /// Appends to `output` what `body` writes, without a copy.
    static func append(to output: inout [UInt8], _ style: TableStyle, _ body: (inout TerminalWriter) -> Void) {
        var writer = TerminalWriter(style)
        swap(&output, &writer.bytes)
        writer.cut = writer.bytes.count
        body(&writer)
        swap(&output, &writer.bytes)
    }

    /// Where the line goes on.
    var column: Int { filled + gap }

    /// Cells that are free in the current line.
    var room: Int { width - column }

    mutating func write(_ text: String, _ ink: Ink = .plain) {
        let content = text.utf8
        write(content.span.bytes, ink)
    }

    mutating func write(_ text: ArraySlice<UInt8>, _ ink: Ink = .plain) {
        let span = text.span
        write(span.bytes, ink)
    }

    mutating func write(_ text: RawSpan, _ ink: Ink = .plain) {
        guard !isFull, text.byteCount > 0 else { return }
        var offset = 0
        fillGap()
        begin(ink)
        fill(text, from: &offset)
        end(ink)
        if offset < text.byteCount { writeEllipsis() }
    }

    /// Writes as much of a text as fits into the line, from `offset` on.
    mutating func write(_ text: RawSpan, from offset: inout Int) {
        fillGap()
        fill(text, from: &offset)
    }

    /// Leaves spaces free, unless nothing follows.
    mutating func skip(_ cells: Int) { gap += cells }

    /// Moves to a column; where that is taken, leaves one space.
    mutating func pad(to target: Int) { skip(max(target - column, 1)) }

    /// Ends the line, without the spaces at its end: nobody sees them.
    mutating func endLine() {
        while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
        bytes.append(UInt8(ascii: "\n"))
        filled = 0
        gap = 0
        cut = bytes.count
        cutColumn = 0
        isFull = false
    }

    private mutating func fillGap() {
        let spaces = min(gap, width - filled)
        bytes += repeatElement(UInt8(ascii: " "), count: spaces)
        filled += spaces
        gap = 0
        if filled < width { (cut, cutColumn) = (bytes.count, filled) }
    }

    private mutating func fill(_ text: RawSpan, from offset: inout Int) {
        var units = TerminalText()
        while offset < text.byteCount {
            let start = offset
            let end = bytes.count
            let cells = units.appendUnit(of: text, at: &offset, to: &bytes)
            guard filled + cells <= width else {
                bytes.removeLast(bytes.count - end)
                offset = start
                return
            }
            filled += cells
            if filled < width { (cut, cutColumn) = (bytes.count, filled) }
        }
    }

    private mutating func writeEllipsis() {
        bytes.removeLast(bytes.count - cut)
        bytes += Array("…".utf8)
        if hasColor { bytes += Array("\u{1B}[0m".utf8) }
        filled = cutColumn + 1
        isFull = true
    }

    private mutating func begin(_ ink: Ink) {
        if hasColor, let parameters = ink.parameters { bytes += Array("\u{1B}[\(parameters)m".utf8) }
    }

    private mutating func end(_ ink: Ink) {
        if hasColor, ink.parameters != nil { bytes += Array("\u{1B}[0m".utf8) }
    }
}
