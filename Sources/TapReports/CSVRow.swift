import TapBytes

/// One row of comma-separated values.
struct CSVRow {
    private var bytes: [UInt8] = []
    private var isFirst = true

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
        let guarded = CSVRow.isFormula(content) ? [UInt8(ascii: "'")] + content : content
        guard guarded.contains(where: CSVRow.needsQuotes) else {
            bytes += guarded
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in guarded {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends the row with its end.
    func append(to output: inout [UInt8]) {
        output += bytes
        output += [0x0D, 0x0A]
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private static func isFormula(_ text: [UInt8]) -> Bool {
        switch text.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"")
    }
}
