import TapCore
import TapSubprotocols

/// Finds secrets in JSON by its structure: whatever lies in a member whose name says so, however it is written, and what other
/// members or elements speak of, as ``JSONMembers`` and ``JSONElements`` say.
///
/// The text need not be whole nor valid: it may be an excerpt, or have other things around it. Levels cost some bytes each, and
/// nothing calls itself, so that depth does no harm.
struct JSONScan {
    private struct Level {
        let isObject: Bool
        /// What of all that lies in it is secret.
        let secrecy: SecretNames.Secrecy
        /// What it is to what stands beside it.
        let role: JSONRole
        let start: Int
        /// The elements that are secret in each array that lies in it.
        let columns: Set<Int>
        var members = JSONMembers()
        var elements: JSONElements
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
        case .texts, .scalars, .all: add(leaf)
        }
        note(leaf, isNumber: isNumber)
        name = nil
    }

    private mutating func add(_ leaf: Range<Int>) {
        if !OpenValue.isTrivial(text[leaf]) { secrets.append(leaf) }
    }

    /// Keeps what others may speak of, or what speaks of others.
    private mutating func note(_ leaf: Range<Int>, isNumber: Bool) {
        guard deeper == 0, let top = levels.indices.last else { return }
        let (value, names) = (text[leaf], names)
        guard levels[top].isObject else {
            let isSecret = levels[top].elements.add(leaf, isNumber: isNumber) {
                JSONScan.isName(value, names, hasSpaces: false)
            }
            if isSecret { add(leaf) }
            return
        }
        guard let name else { return }
        let member = word(name)
        let role = JSONRole(of: member)
        levels[top].members.add(leaf, as: isNumber ? role.subtracting(.positional) : role)
        guard !isNumber else { return }
        levels[top].members.look(at: value, of: member) { JSONScan.isName($0, names, hasSpaces: $1) }
    }

    private mutating func open(at start: Int) {
        defer { name = nil }
        guard levels.count < JSONScan.deepest else {
            deeper += 1
            return
        }
        let secrecy = secrecyInside()
        var role: JSONRole = []
        var (columns, own): (Set<Int>, Set<Int>) = ([], [])
        if let top = levels.indices.last {
            if levels[top].isObject {
                if let name { role = JSONRole(of: word(name)) }
                if role.contains(.rows) { columns = levels[top].members.columns }
            } else {
                levels[top].elements.addGroup()
                own = levels[top].columns
            }
        }
        levels.append(
            Level(
                isObject: text[start] == UInt8(ascii: "{"), secrecy: secrecy, role: role, start: start,
                columns: columns, elements: JSONElements(role, columns: own)))
    }

    private mutating func close(at end: Int) {
        guard deeper == 0 else {
            deeper -= 1
            return
        }
        guard let level = levels.popLast() else { return }
        for secret in level.members.secrets where text[secret].contains(where: NameWords.isOfName) { add(secret) }
        if let second = level.elements.pair { add(second) }
        if let top = levels.indices.last {
            if levels[top].isObject {
                levels[top].members.take(level.elements, of: level.role, level.start..<end)
            } else if level.members.claims.contains(.value) {
                levels[top].elements.nameLast()
            }
        }
        name = nil
    }

    /// That of what begins here.
    private func secrecyInside() -> SecretNames.Secrecy {
        let own = ownSecrecy
        switch own {
        case .all, .texts: return own
        case .scalars, .none: return isInColumn ? .all : levels.last?.secrecy ?? .none
        }
    }

    /// Whether the element that comes next stands in a column that is secret.
    private var isInColumn: Bool {
        guard let top = levels.last, !top.isObject else { return false }
        return top.elements.columns.contains(top.elements.count)
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

    /// A short name in lower case.
    private func word(_ name: Range<Int>) -> String {
        name.count <= JSONRole.longestName + 2 ? JSONText.string(text[name]).lowercased() : ""
    }

    /// Whether a value is a name of a secret.
    private static func isName(_ value: ArraySlice<UInt8>, _ names: SecretNames, hasSpaces: Bool) -> Bool {
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
