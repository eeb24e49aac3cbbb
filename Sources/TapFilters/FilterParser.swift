import TapCore

/// Reads filters. Operators bind as in Wireshark: `not` before `and` before `or`.
struct FilterParser {
    private let tokens: [FilterToken]
    private var place = 0
    private var depth = 0

    /// Parentheses and negations in each other.
    private static let depthLimit = 64
    /// Bytes of a filter.
    private static let lengthLimit = 64 << 10

    static func parse(_ filter: String) throws(FilterError) -> FilterExpression {
        guard filter.utf8.count <= lengthLimit else {
            throw FilterError("a filter has no more than \(lengthLimit) bytes", at: 0..<1)
        }
        var parser = FilterParser(tokens: try FilterLexer.tokens(of: filter))
        if parser.current.kind == .end { throw FilterError("the filter is empty", at: 0..<0) }
        let expression = try parser.readAny()
        guard parser.current.kind == .end else { throw parser.unexpectedRest }
        return expression
    }

    var current: FilterToken { tokens[place] }

    /// The token that is read; the end is never passed.
    mutating func take() -> FilterToken {
        defer { if place + 1 < tokens.count { place += 1 } }
        return current
    }

    mutating func take(_ sign: FilterToken.Sign) -> Bool {
        guard current.isSign(sign) else { return false }
        place += 1
        return true
    }

    private mutating func take(_ sign: FilterToken.Sign, or word: String) -> Bool {
        guard current.isSign(sign) || current.isWord(word) else { return false }
        place += 1
        return true
    }

    private mutating func readAny() throws(FilterError) -> FilterExpression {
        var parts = [try readAll()]
        while take(.or, or: "or") { parts.append(try readAll()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func readAll() throws(FilterError) -> FilterExpression {
        var parts = [try readOne()]
        while take(.and, or: "and") { parts.append(try readOne()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func readOne() throws(FilterError) -> FilterExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= FilterParser.depthLimit else {
            throw FilterError("this is nested more than \(FilterParser.depthLimit) deep", at: current.range)
        }
        if take(.not, or: "not") { return .not(try readOne()) }
        let opening = current
        guard take(.opening) else { return try readTest() }
        let inner = try readAny()
        guard take(.closing) else {
            throw current.kind == .end ? FilterError("this is not closed", at: opening.range) : unexpectedRest
        }
        return inner
    }

    private mutating func readTest() throws(FilterError) -> FilterExpression {
        let operand = try readOperand()
        let sign = take()
        if let relation = FilterRelation(sign) {
            guard !relation.isOrder || operand.type.isOrdered else {
                throw FilterError("\(operand) has no order: it takes == and !=", at: sign.range)
            }
            return .test(operand, .compares(relation, try readLiteral(for: operand)))
        }
        if sign.isWord("contains") { return .test(operand, .contains(FilterPart(try readPart(of: operand, sign)))) }
        if sign.isWord("matches") || sign.isSign(.matches) {
            return .test(operand, .matches(try readPattern(for: operand, sign)))
        }
        if sign.isWord("in") { return .test(operand, .isIn(try readRanges(for: operand))) }
        if sign.kind != .end { place -= 1 }
        return .test(operand, .exists)
    }

    private mutating func readOperand() throws(FilterError) -> FilterOperand {
        let token = take()
        guard case .word(let word) = token.kind else { throw FilterParser.noField(token) }
        if current.isSign(.opening), let function = FilterFunction(rawValue: word) {
            _ = take()
            let inner = take()
            guard case .word(let name) = inner.kind else { throw FilterParser.noField(inner) }
            let (field, path) = try readField(name, inner.range)
            guard function.result(of: field.type) != nil else {
                throw FilterError(
                    "\(word) does not take \(field.rawValue), which is \(field.type.article)", at: inner.range)
            }
            guard take(.closing) else { throw FilterError("a parenthesis closes here", at: current.range) }
            return FilterOperand(field, function, path: path)
        }
        let (field, path) = try readField(word, token.range)
        return FilterOperand(field, path: path)
    }

    /// A field whose name was read; of JSON the way to a value follows, as `json.params["id"][0]`.
    private mutating func readField(
        _ name: String, _ range: Range<Int>
    ) throws(FilterError) -> (FilterField, [FilterOperand.Step]) {
        let names = name.split(separator: ".", omittingEmptySubsequences: false)
        guard names.first == "json" else { return (try field(name, range), []) }
        var path = try members(names.dropFirst(), range)
        while true {
            if take(.openingBracket) {
                path.append(try readStep())
                guard take(.closingBracket) else { throw FilterError("a ] belongs here", at: current.range) }
            } else if !path.isEmpty, case .word(let word) = current.kind, word.hasPrefix(".") {
                let token = take()
                path += try members(
                    word.split(separator: ".", omittingEmptySubsequences: false).dropFirst(), token.range)
            } else {
                return (.json, path)
            }
        }
    }

    private func members(
        _ names: ArraySlice<Substring>, _ range: Range<Int>
    ) throws(FilterError) -> [FilterOperand.Step] {
        if names.contains("") { throw FilterError("the name of a member is missing", at: range) }
        return names.map { .member(String($0)) }
    }

    private mutating func readStep() throws(FilterError) -> FilterOperand.Step {
        let token = take()
        switch token.kind {
        case .quoted(let name): return .member(String(decoding: name, as: UTF8.self))
        case .word(let word):
            if let index = Int(word), index >= 0 { return .element(index) }
            throw FilterError("a number, or a name in quotes, belongs here", at: token.range)
        case .sign, .end: throw FilterError("a number, or a name in quotes, belongs here", at: token.range)
        }
    }

    private func field(_ name: String, _ range: Range<Int>) throws(FilterError) -> FilterField {
        if let field = FilterField(rawValue: name) { return field }
        throw FilterError("there is no field “\(name)”\(FilterField.hint(for: name))", at: range)
    }

    private static func noField(_ token: FilterToken) -> FilterError {
        token.kind == .end
            ? FilterError("the filter ends where a field is missing", at: token.range)
            : FilterError("a test begins with the name of a field", at: token.range)
    }

    private var unexpectedRest: FilterError {
        if case .word(let word) = current.kind, ["AND", "OR", "NOT", "And", "Or"].contains(word) {
            return FilterError("operators are written in small letters: \(word.lowercased())", at: current.range)
        }
        return FilterError("and, or, or an operator such as == belongs before this", at: current.range)
    }
}

extension FilterRelation {
    fileprivate init?(_ token: FilterToken) {
        guard
            let relation = FilterRelation.allCases.first(where: { relation in
                token.isWord(relation.word) || FilterToken.Sign(rawValue: relation.rawValue).map(token.isSign) == true
            })
        else { return nil }
        self = relation
    }
}
