/// Finds secrets in lines of which the first names the columns, as CSV has them (RFC 4180): the cells below the name of one.
enum TableScan {
    private static let longestHead = 1_024
    private static let separators = [UInt8(ascii: ","), 0x09, UInt8(ascii: ";"), UInt8(ascii: "|")]

    static func secrets(in text: ArraySlice<UInt8>, _ names: SecretNames) -> [Range<Int>] {
        guard let end = text.prefix(longestHead).firstIndex(of: 0x0A) else { return [] }
        let head = line(text[..<end])
        for separator in separators where head.contains(separator) {
            let columns = cells(of: head, separator)
            guard columns.allSatisfy({ !$0.isEmpty && $0.allSatisfy(NameWords.isOfName) }) else { continue }
            let secret = columns.indices.filter { names.isSecret(columns[$0]) }
            return secret.isEmpty ? [] : cells(below: end, in: text, separator, count: columns.count, secret)
        }
        return []
    }

    /// Those of some columns in all lines that have as many cells as there are columns.
    private static func cells(
        below head: Int, in text: ArraySlice<UInt8>, _ separator: UInt8, count: Int, _ columns: [Int]
    ) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var rest = text[(head + 1)...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
            let cells = cells(of: line(rest[..<end]), separator)
            if cells.count == count {
                found += columns.map { cells[$0].startIndex..<cells[$0].endIndex }
                    .filter { !OpenValue.isTrivial(text[$0]) }
            }
            rest = rest[end...].dropFirst()
        }
        return found
    }

    private static func line(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.last == 0x0D ? line.dropLast() : line
    }

    /// Without the quotes around them, in which separators may stand.
    private static func cells(of line: ArraySlice<UInt8>, _ separator: UInt8) -> [ArraySlice<UInt8>] {
        var cells: [ArraySlice<UInt8>] = []
        var isQuoted = false
        var start = line.startIndex
        for index in line.indices {
            if line[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard line[index] == separator, !isQuoted else { continue }
            cells.append(inside(line[start..<index]))
            start = index + 1
        }
        return cells + [inside(line[start...])]
    }

    private static func inside(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let cell = cell.drop { $0 == 0x20 }
        let trimmed = cell.dropLast(cell.reversed().prefix { $0 == 0x20 }.count)
        let isQuoted = trimmed.count > 1 && trimmed.first == UInt8(ascii: "\"") && trimmed.last == trimmed.first
        return isQuoted ? trimmed.dropFirst().dropLast() : trimmed
    }
}
