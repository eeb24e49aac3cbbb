import TapCore

/// One row of values that are separated by commas or tabs.
struct CSVRow {
    private let separator: CellSeparator
    private var bytes: [UInt8] = []
    private var isFirst = true

    init(_ separator: CellSeparator = .comma) { self.separator = separator }

    mutating func add(_ text: String) {
        separate()
        bytes += Array(text.utf8)
    }

    mutating func add(_ number: (some BinaryInteger)?) {
        separate()
        if let number { bytes += Array(String(number).utf8) }
    }

    mutating func add(_ time: Timestamp) {
        separate()
        ByteCursor.append(TimeText.lengthRFC3339, to: &bytes) { TimeText.appendRFC3339(time, to: &$0) }
    }

    /// Adds text that came from the wire, as a cell that no spreadsheet takes for a formula.
    mutating func add(wire text: String) {
        separate()
        let content = Array(text.utf8)
        let guarded = isMisread(content) ? [UInt8(ascii: "'")] + content : content
        switch separator {
        case .comma: appendQuoted(guarded)
        case .tab: appendEscaped(guarded)
        }
    }

    /// Appends the row with its end.
    func append(to output: inout [UInt8]) {
        output += bytes
        output += separator.lineEnd
    }

    private mutating func separate() {
        if !isFirst { bytes.append(separator.byte) }
        isFirst = false
    }

    private mutating func appendQuoted(_ content: [UInt8]) {
        guard content.contains(where: CSVRow.needsQuotes) else {
            bytes += content
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in content {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ content: [UInt8]) {
        for byte in content {
            switch byte {
            case 0x09: bytes += Array("\\t".utf8)
            case 0x0A: bytes += Array("\\n".utf8)
            case 0x0D: bytes += Array("\\r".utf8)
            case UInt8(ascii: "\\"): bytes += Array("\\\\".utf8)
            default: bytes.append(byte)
            }
        }
    }

    /// Whether a spreadsheet would take a cell for a formula, or, where there are no quotes, for the start of a quoted one.
    private func isMisread(_ text: [UInt8]) -> Bool {
        switch text.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: true
        case UInt8(ascii: "\""): separator == .tab
        // The same signs as East Asian input methods write them: U+FF1D, U+FF0B, U+FF0D and U+FF20.
        case 0xEF: text.starts(with: [0xEF, 0xBC]) && text.count > 2 && [0x9D, 0x8B, 0x8D, 0xA0].contains(text[2])
        default: false
        }
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"")
    }
}

/// What stands between the cells of a row, and how a cell is kept from ending early.
public enum CellSeparator: Sendable {
    /// Comma-separated values with quotes where they are needed. RFC 4180.
    case comma
    /// Tab-separated values without any quotes: tabs, line ends and backslashes in a cell are `\t`, `\n`, `\r` and `\\`.
    case tab

    var byte: UInt8 {
        switch self {
        case .comma: UInt8(ascii: ",")
        case .tab: 0x09
        }
    }

    var lineEnd: [UInt8] {
        switch self {
        case .comma: [0x0D, 0x0A]
        case .tab: [0x0A]
        }
    }
}
