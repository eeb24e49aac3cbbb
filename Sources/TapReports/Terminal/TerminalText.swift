import TapCore

/// Text from the wire, made safe for a terminal: nothing in it can move the cursor, change colours, hide or reorder
/// what is shown.
///
/// `\n`, `\r` and `\t` stand for themselves; other controls and bytes that are not UTF-8 become `\xNN`, invisible
/// characters and those that change the direction of text `\u{NNNN}`.
public struct TerminalText {
    /// Combining marks in a row; a character with more is a trick, not a language. Without a character before them they would
    /// change what stands in front of the text.
    private var marks = TerminalText.markLimit
    /// The character before, where it is not ASCII.
    private var before: Unicode.Scalar?
    private static let markLimit = 4

    init() {}

    /// The whole text, escaped.
    public static func escape(_ text: String) -> String { escape(Array(text.utf8)[...]) }

    /// The whole text, escaped; it may be no UTF-8 at all.
    public static func escape(_ text: ArraySlice<UInt8>) -> String {
        var output: [UInt8] = []
        let span = text.span
        append(span.bytes, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// The cells that a text takes when it is shown.
    static func cells(_ text: String) -> Int {
        var output: [UInt8] = []
        let content = text.utf8
        return append(content.span.bytes, to: &output)
    }

    public static func cells(_ text: ArraySlice<UInt8>) -> Int {
        var output: [UInt8] = []
        let span = text.span
        return append(span.bytes, to: &output)
    }

    /// How many bytes of a text are shown in so many cells.
    static func count(of text: ArraySlice<UInt8>, fitting cells: Int) -> Int {
        let span = text.span
        let bytes = span.bytes
        var output: [UInt8] = []
        var units = TerminalText()
        var offset = 0
        var left = cells
        while offset < bytes.byteCount {
            let start = offset
            output.removeAll(keepingCapacity: true)
            left -= units.appendUnit(of: bytes, at: &offset, to: &output)
            if left < 0 { return start }
        }
        return offset
    }

    @discardableResult
    private static func append(_ text: RawSpan, to output: inout [UInt8]) -> Int {
        var units = TerminalText()
        var offset = 0
        var cells = 0
        while offset < text.byteCount { cells += units.appendUnit(of: text, at: &offset, to: &output) }
        return cells
    }

    /// Appends the character or the escape at `offset`, and answers how many cells it takes.
    mutating func appendUnit(of text: RawSpan, at offset: inout Int, to output: inout [UInt8]) -> Int {
        let start = output.count
        let byte = text.uint8(at: offset)
        if byte >= 0x20, byte < 0x7F {
            marks = 0
            before = nil
            offset += 1
            output.append(byte)
            return 1
        }
        guard let (scalar, length) = UTF8Text.scalar(in: text, at: offset) else {
            offset += 1
            before = nil
            TerminalText.append(hex: byte, to: &output)
            return output.count - start
        }
        if TextJoiner.isJoiner(scalar), TextJoiner.joins(before, scalar, text, at: offset + length) {
            output.append(text.extracting(offset..<offset + length))
            offset += length
            // No line may end between a joiner and what it joins.
            return appendUnit(of: text, at: &offset, to: &output)
        }
        before = scalar
        let cells = TerminalWidth.cells(scalar)
        marks = cells == 0 ? marks + 1 : 0
        if TerminalText.isHarmless(scalar), marks <= TerminalText.markLimit {
            output.append(text.extracting(offset..<offset + length))
            offset += length
            return cells
        }
        offset += length
        TerminalText.append(escaped: scalar, to: &output)
        return output.count - start
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == TerminalWidth.emojiSelector { return true }
        if scalar.properties.isDefaultIgnorableCodePoint { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: return false
        default: return true
        }
    }

    private static func append(escaped scalar: Unicode.Scalar, to output: inout [UInt8]) {
        switch scalar {
        case "\n": output += Array("\\n".utf8)
        case "\r": output += Array("\\r".utf8)
        case "\t": output += Array("\\t".utf8)
        case "\0"..."\u{7F}": append(hex: UInt8(scalar.value), to: &output)
        default: output += Array("\\u{\(String(scalar.value, radix: 16))}".utf8)
        }
    }

    private static func append(hex byte: UInt8, to output: inout [UInt8]) {
        output += [UInt8(ascii: "\\"), UInt8(ascii: "x")]
        Hex.append(byte, to: &output)
    }
}
