import TapCore
import TapSubprotocols

/// Finds secrets in JSON by its structure: whatever lies in a member whose name says so, however it is written; the value of a pair
/// like `{"name": "password", "value": "x"}`; the second of two texts, like `["password", "x"]`.
///
/// The text need not be whole nor valid: it may be an excerpt, or have other things around it. Levels cost a few bytes each, and
/// nothing calls itself, so that depth does no harm.
struct JSONScan {
    private struct Level {
        let isObject: Bool
        /// What of all that lies in it is secret.
        let secrecy: SecretNames.Secrecy
        /// Whether the value of a member that names something names a secret.
        var isPair = false
        /// The values that such a name is about.
        var values: [Range<Int>] = []
        /// Elements of an array so far, whether the first of them names a secret, and what the second is.
        var count = 0
        var isFirstName = false
        var second: Range<Int>?
        /// Where it begins, if it is a value that a name may be about.
        var start: Int?
    }

    private let text: ArraySlice<UInt8>
    private let names: SecretNames
    private var levels: [Level] = []
    /// Levels that are open and not kept.
    private var deeper = 0
    /// A string that is a name if a colon follows.
    private var last: Range<Int>?
    /// The name of the member whose value is expected.
    private var name: Range<Int>?

    private(set) var secrets: [Range<Int>] = []
    /// What stands between the quotes of strings with escapes: they may hold anything.
    private(set) var escaped: [Range<Int>] = []

    /// In what is nested deeper, names count only for what stands right behind them.
    private static let deepest = 10_000

    private static let naming: Set<String> = ["name", "key", "field", "header", "var", "param", "k"]
    private static let valuing: Set<String> = ["value", "val", "values", "v", "content", "data"]

    init(_ text: ArraySlice<UInt8>, _ names: SecretNames) { (self.text, self.names) = (text, names) }

    mutating func read() {
        var rest = text
        while let token = JSONToken(first: rest) {
            rest = rest[token.range.upperBound...]
            take(token)
        }
        endValue()
        deeper = 0
        while !levels.isEmpty { close(at: text.endIndex) }
    }

    private mutating func take(_ token: JSONToken) {
        switch token.kind {
        case .space: return
        case .colon:
            name = last
            last = nil
        case .opening:
            endValue()
            open(at: token.range.lowerBound)
        case .closing:
            endValue()
            close(at: token.range.upperBound)
        case .comma:
            endValue()
            name = nil
        case .string:
            endValue()
            last = token.range
        case .number:
            endValue()
            take(leaf: token.range, isNumber: true)
        case .word, .other: endValue()
        }
    }

    /// What came last was no name.
    private mutating func endValue() {
        guard let string = last else { return }
        last = nil
        let inside = JSONScan.inside(string, of: text)
        take(leaf: inside, isNumber: false)
        if text[inside].contains(UInt8(ascii: "\\")) { escaped.append(inside) }
    }

    private mutating func take(leaf: Range<Int>, isNumber: Bool) {
        switch secrecyOfLeaf() {
        case .none: break
        case .texts where isNumber: break
        case .texts, .scalars, .all:
            if !OpenValue.isTrivial(text[leaf]) { secrets.append(leaf) }
        }
        note(leaf, isNumber: isNumber)
        name = nil
    }

    /// Keeps what may be one of a pair.
    private mutating func note(_ leaf: Range<Int>, isNumber: Bool) {
        guard deeper == 0, let top = levels.indices.last else { return }
        guard levels[top].isObject else {
            levels[top].count += 1
            if levels[top].count == 1, !isNumber { levels[top].isFirstName = isSecret(text[leaf], hasSpaces: false) }
            if levels[top].count == 2, !isNumber { levels[top].second = leaf }
            return
        }
        guard let name else { return }
        if isValuing(name) { levels[top].values.append(leaf) }
        let isNaming = JSONScan.naming.contains(word(name))
        if isNaming, !isNumber, isSecret(text[leaf], hasSpaces: true) { levels[top].isPair = true }
    }

    private mutating func open(at start: Int) {
        defer { name = nil }
        guard levels.count < JSONScan.deepest else {
            deeper += 1
            return
        }
        // What is in brackets counts as one element.
        if let top = levels.indices.last, !levels[top].isObject { levels[top].count += 1 }
        var level = Level(isObject: text[start] == UInt8(ascii: "{"), secrecy: secrecyInside())
        if let name, levels.last?.isObject == true, isValuing(name) { level.start = start }
        levels.append(level)
    }

    private mutating func close(at end: Int) {
        guard deeper == 0 else {
            deeper -= 1
            return
        }
        guard let level = levels.popLast() else { return }
        if let start = level.start, let top = levels.indices.last { levels[top].values.append(start..<end) }
        if level.isPair { secrets += level.values.filter { !OpenValue.isTrivial(text[$0]) } }
        if level.isFirstName, level.count == 2, let second = level.second, !OpenValue.isTrivial(text[second]) {
            secrets.append(second)
        }
        name = nil
    }

    /// That of what begins here.
    private func secrecyInside() -> SecretNames.Secrecy {
        let own = ownSecrecy
        switch own {
        case .all, .texts: return own
        case .scalars, .none: return levels.last?.secrecy ?? .none
        }
    }

    private func secrecyOfLeaf() -> SecretNames.Secrecy {
        if let outer = levels.last?.secrecy {
            switch outer {
            case .all, .texts: return outer
            case .scalars, .none: break
            }
        }
        return ownSecrecy
    }

    private var ownSecrecy: SecretNames.Secrecy {
        guard let name else { return .none }
        return names.secrecy(of: Array(JSONText.string(text[JSONScan.quoted(name, of: text)]).utf8), in: .text)
    }

    private func isValuing(_ name: Range<Int>) -> Bool { JSONScan.valuing.contains(word(name)) }

    /// A short name in lower case.
    private func word(_ name: Range<Int>) -> String {
        name.count < 16 ? JSONText.string(text[name]).lowercased() : ""
    }

    /// Whether a value is a name of a secret.
    private func isSecret(_ value: ArraySlice<UInt8>, hasSpaces: Bool) -> Bool {
        guard value.count <= 64 else { return false }
        let isName = value.allSatisfy { NameWords.isOfName($0) || $0 == UInt8(ascii: ":") || hasSpaces && $0 == 0x20 }
        return isName && names.isSecret(value)
    }

    /// What stands between the quotes; the second may be missing.
    private static func inside(_ string: Range<Int>, of text: ArraySlice<UInt8>) -> Range<Int> {
        let start = string.lowerBound + 1
        guard string.count > 1, text[string.upperBound - 1] == UInt8(ascii: "\"") else {
            return start..<string.upperBound
        }
        let inside = text[start..<(string.upperBound - 1)]
        let backslashes = inside.reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        return backslashes % 2 == 0 ? start..<(string.upperBound - 1) : start..<string.upperBound
    }

    /// The end of a long name.
    private static func quoted(_ name: Range<Int>, of text: ArraySlice<UInt8>) -> Range<Int> {
        name.count <= longestQuoted ? name : name.upperBound - longestQuoted..<name.upperBound
    }

    /// A name of which every character is escaped.
    private static let longestQuoted = 6 * NameWords.longestName + 2
}
