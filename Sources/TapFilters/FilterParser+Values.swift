import TapCore

/// What stands to the right of an operator.
extension FilterParser {
    mutating func readLiteral(for operand: FilterOperand) throws(FilterError) -> FilterLiteral {
        let token = take()
        switch token.kind {
        case .word(let word): return try literal(Array(word.utf8), isQuoted: false, operand, token.range)
        case .quoted(let text): return try literal(text, isQuoted: true, operand, token.range)
        case .end: throw FilterError("the filter ends where a value is missing", at: token.range)
        case .sign: throw FilterError("a value belongs here", at: token.range)
        }
    }

    /// The text or the bytes that `contains` looks for.
    mutating func readPart(of operand: FilterOperand, _ sign: FilterToken) throws(FilterError) -> [UInt8] {
        guard operand.type.holdsBytes else {
            throw FilterError("\(operand) is \(operand.type.article): it contains nothing", at: sign.range)
        }
        let token = current
        switch token.kind {
        case .word(let word) where operand.type == .bytes:
            _ = take()
            return FilterParser.bytes(word) ?? Array(word.utf8)
        case .word(let word):
            _ = take()
            return Array(word.utf8)
        case .quoted(let text):
            _ = take()
            return text
        case .sign, .end: throw FilterError("the text to look for belongs here", at: token.range)
        }
    }

    mutating func readPattern(for operand: FilterOperand, _ sign: FilterToken) throws(FilterError) -> FilterPattern {
        guard operand.type.holdsText else {
            throw FilterError("\(operand) is \(operand.type.article): a regular expression needs text", at: sign.range)
        }
        let token = take()
        guard case .quoted(let source) = token.kind else {
            throw FilterError("a regular expression in quotes belongs here", at: token.range)
        }
        do throws(PatternError) {
            return try FilterPattern(source)
        } catch {
            throw FilterError(
                "the regular expression is wrong at its byte \(error.offset): \(error.reason)", at: token.range)
        }
    }

    mutating func readRanges(for operand: FilterOperand) throws(FilterError) -> [FilterRange] {
        guard take(.openingBrace) else {
            throw FilterError("a list in braces belongs here, as in {1, 3..5}", at: current.range)
        }
        var ranges: [FilterRange] = []
        repeat {
            let start = current.range
            let first = try readLiteral(for: operand)
            guard take(.range) else {
                ranges.append(FilterRange(first))
                continue
            }
            let last = try readLiteral(for: operand)
            guard operand.type.isOrdered || first.isSingleAddress && last.isSingleAddress else {
                throw FilterError("\(operand) has no order, and so no ranges", at: start)
            }
            ranges.append(FilterRange(first, last))
        } while take(.comma)
        guard take(.closingBrace) else { throw FilterError("a comma or } belongs here", at: current.range) }
        return ranges
    }

    private func literal(
        _ text: [UInt8], isQuoted: Bool, _ operand: FilterOperand, _ range: Range<Int>
    ) throws(FilterError) -> FilterLiteral {
        let word = String(decoding: text, as: UTF8.self)
        switch operand.type {
        case .text: return .text(text)
        case .json: return isQuoted ? .text(text) : FilterParser.json(word) ?? .text(text)
        case .bytes: return .bytes(isQuoted ? text : FilterParser.bytes(word) ?? text)
        case .boolean:
            if let boolean = FilterParser.booleans[word.lowercased()] { return .boolean(boolean) }
            throw FilterError("\(operand) is true or false", at: range)
        case .seconds:
            if let nanoseconds = FilterParser.nanoseconds(word) { return .seconds(nanoseconds) }
            throw FilterError("\(operand) is in seconds, as 1.5", at: range)
        case .number(let names):
            if let number = FilterParser.number(word) { return .number(number) }
            if let number = names.firstIndex(of: word), !word.isEmpty { return .number(UInt64(number)) }
            let hint = names.isEmpty ? "" : ", or one of \(names.filter { !$0.isEmpty }.joined(separator: ", "))"
            throw FilterError("\(operand) is a number\(hint)", at: range)
        case .address:
            if let prefix = NetworkPrefix(word) { return .network(prefix) }
            throw FilterError("this is no IP address, nor one with a prefix length as 10.0.0.0/8", at: range)
        case .name(let names, _):
            if names.contains(word) { return .name(word) }
            let near = NameDistance.nearest(to: String(word.prefix(64)), among: names, most: max(2, word.count / 3))
            let hint = near.map { "; did you mean \($0)?" } ?? FilterParser.list(names)
            throw FilterError("\(operand) is never “\(word)”\(hint)", at: range)
        }
    }

    /// The names themselves, where they are few.
    private static func list(_ names: [String]) -> String {
        names.count <= 10 ? ": it is one of \(names.joined(separator: ", "))" : ""
    }

    private static let booleans = ["true": true, "1": true, "yes": true, "false": false, "0": false, "no": false]

    /// A number, `true` or `false`, as JSON has them.
    private static func json(_ word: String) -> FilterLiteral? {
        switch word {
        case "true": .boolean(true)
        case "false": .boolean(false)
        default: Double(word).flatMap { $0.isFinite ? .decimal($0) : nil }
        }
    }

    /// Decimal, or hexadecimal with `0x`.
    private static func number(_ word: String) -> UInt64? {
        if word.hasPrefix("0x") || word.hasPrefix("0X") { return digits(word.dropFirst(2), radix: 16) }
        return digits(word[...], radix: 10)
    }

    private static func digits(_ word: Substring, radix: Int) -> UInt64? {
        guard word.utf8.first != UInt8(ascii: "+") else { return nil }
        return UInt64(word, radix: radix)
    }

    /// Seconds with up to nine decimals.
    private static func nanoseconds(_ word: String) -> Int64? {
        let isNegative = word.hasPrefix("-")
        let parts = word.dropFirst(isNegative ? 1 : 0).split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let seconds = digits(parts.first ?? "", radix: 10).flatMap({ Int64(exactly: $0) }) else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            guard (1...9).contains(parts[1].utf8.count), let value = digits(parts[1], radix: 10) else { return nil }
            fraction = Int64(clamping: value)
            for _ in parts[1].utf8.count..<9 { fraction *= 10 }
        }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isTooMuch) = whole.addingReportingOverflow(fraction)
        return overflow || isTooMuch ? nil : isNegative ? -sum : sum
    }

    /// `37:fa:21:3d`, with colons, dashes, dots or nothing between the bytes.
    private static func bytes(_ word: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = word.utf8[...]
        while let first = rest.popFirst() {
            guard let second = rest.popFirst(), let high = Hex.value(ofDigit: first),
                let low = Hex.value(ofDigit: second)
            else { return nil }
            bytes.append(high << 4 | low)
            guard let separator = rest.first, Hex.value(ofDigit: separator) == nil else { continue }
            guard ":-.".utf8.contains(separator), rest.count > 1 else { return nil }
            rest.removeFirst()
        }
        return bytes
    }
}

extension FilterLiteral {
    fileprivate var isSingleAddress: Bool {
        if case .network(let prefix) = self { prefix.length == prefix.address.bytes.count * 8 } else { false }
    }
}

extension FilterType {
    /// `a number`, `text`, …
    var article: String {
        switch self {
        case .number: "a number"
        case .boolean: "true or false"
        case .seconds: "in seconds"
        case .text: "text"
        case .bytes: "bytes"
        case .address: "an address"
        case .json: "JSON"
        case .name: "a name"
        }
    }
}
