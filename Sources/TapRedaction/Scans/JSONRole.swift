/// What a member of an object may be to the members beside it, by its name.
struct JSONRole: OptionSet {
    let rawValue: UInt16

    /// It holds what a `name` beside it names.
    static let value = JSONRole(rawValue: 1 << 0)
    /// It holds what a `path`, an `id` or the like beside it names.
    static let target = JSONRole(rawValue: 1 << 1)
    /// It holds what a command to log in takes, without names.
    static let positional = JSONRole(rawValue: 1 << 2)
    /// It holds what a client of GraphQL introduces itself with.
    static let introduction = JSONRole(rawValue: 1 << 3)
    /// It holds what an object of Kubernetes keeps.
    static let stored = JSONRole(rawValue: 1 << 4)
    /// An array of names, and one of arrays that have the values in the same order.
    static let columns = JSONRole(rawValue: 1 << 5)
    static let rows = JSONRole(rawValue: 1 << 6)
    /// An array in which names and values take turns.
    static let flat = JSONRole(rawValue: 1 << 7)
    /// An array of which the last element is a name.
    static let path = JSONRole(rawValue: 1 << 8)

    /// - Parameter name: in lower case.
    init(of name: String) { self = JSONRole.all[name] ?? [] }

    init(rawValue: UInt16) { self.rawValue = rawValue }

    static let longestName = 16

    private static let all: [String: JSONRole] = [
        "value": [.value, .target], "val": [.value, .target], "new": [.value, .target], "old": [.value, .target],
        "newvalue": [.value, .target], "oldvalue": [.value, .target], "v": .value, "content": .value,
        "values": [.value, .rows], "data": [.value, .stored, .rows], "stringdata": .stored,
        "params": .positional, "args": .positional, "arguments": .positional, "key": .positional,
        "payload": .introduction, "rows": .rows, "tuples": .rows, "records": .rows, "results": .rows,
        "columns": .columns, "cols": .columns, "fields": .columns, "header": .columns, "headers": .columns,
        "meta": .columns, "rawheaders": .flat, "rawtrailers": .flat, "path": .path, "keypath": .path,
    ]
}

/// What the members of one object say of one another: `{"name": "password", "value": "x"}`,
/// `{"op": "replace", "path": "/user/token", "value": "x"}`, `{"action": "auth", "params": "x"}`,
/// `{"type": "connection_init", "payload": {…}}`, `{"kind": "Secret", "data": {…}}`.
struct JSONMembers {
    /// What of the others is secret.
    private(set) var claims: JSONRole = []
    private var values: [(role: JSONRole, range: Range<Int>)] = []
    /// The elements that are secret in each of the rows that follow.
    private(set) var columns: Set<Int> = []

    private static let naming: Set<String> = ["name", "key", "field", "header", "var", "param", "k"]
    private static let targeting: Set<String> = [
        "path", "keypath", "id", "attr", "attribute", "property", "prop", "variable", "label", "setting", "option",
    ]
    private static let commanding: Set<String> = [
        "op", "action", "event", "type", "method", "cmd", "command", "msg", "a",
    ]
    private static let logins: Set<String> = ["auth", "login", "authenticate", "authorize", "signin", "logon"]

    /// Where all secrets that the members tell of lie.
    var secrets: [Range<Int>] {
        guard !claims.isEmpty else { return [] }
        return values.filter { !$0.role.isDisjoint(with: claims) }.map(\.range)
    }

    mutating func add(_ range: Range<Int>, as role: JSONRole) {
        if !role.isEmpty { values.append((role, range)) }
    }

    /// Takes what is known of a value in brackets once it is over.
    mutating func take(_ elements: JSONElements, of role: JSONRole, _ range: Range<Int>) {
        add(range, as: role.intersection([.value, .target, .introduction, .stored]))
        for text in elements.texts { add(text, as: .positional) }
        if role.contains(.path), elements.isLastName { claims.insert(.target) }
        columns.formUnion(elements.named)
    }

    /// Looks at what a text says of the other members.
    /// - Parameter isName: whether bytes are the name of a secret.
    mutating func look(
        at text: ArraySlice<UInt8>, of member: String, isName: (ArraySlice<UInt8>, _ hasSpaces: Bool) -> Bool
    ) {
        if JSONMembers.naming.contains(member), isName(text, true) { claims.formUnion([.value, .target]) }
        if JSONMembers.targeting.contains(member), isName(JSONMembers.lastStep(of: text), false) {
            claims.insert(.target)
        }
        if member == "type", text.elementsEqual("connection_init".utf8) { claims.insert(.introduction) }
        if member == "kind", text.elementsEqual("Secret".utf8) { claims.insert(.stored) }
        if JSONMembers.commanding.contains(member), text.count <= 64, let last = NameWords.words(of: text).last,
            JSONMembers.logins.contains(last)
        {
            claims.insert(.positional)
        }
    }

    /// `password` of `/user/password/0`.
    private static func lastStep(of path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard path.contains(UInt8(ascii: "/")) else { return path }
        return path.split(separator: UInt8(ascii: "/")).last { !$0.allSatisfy(NameWords.isDigit) } ?? path
    }
}

/// What the elements of one array say of one another: `["password", "x"]`, and by its name `"rawHeaders": ["Cookie", "x", …]`.
struct JSONElements {
    private let role: JSONRole
    /// Those that are secret, whatever they are.
    let columns: Set<Int>
    private(set) var count = 0
    /// Whether the first of them names a secret, and what the second is.
    private var isFirstName = false
    private var second: Range<Int>?
    /// Whether the last of them does.
    private(set) var isLastName = false
    /// Those that do, where they are names of columns.
    private(set) var named: Set<Int> = []
    /// The texts among them, where a command may take them.
    private(set) var texts: [Range<Int>] = []

    private static let mostTexts = 64
    private static let mostColumns = 1_024

    init(_ role: JSONRole, columns: Set<Int>) { (self.role, self.columns) = (role, columns) }

    /// The second of two, if the first names it.
    var pair: Range<Int>? { isFirstName && count == 2 ? second : nil }

    /// Something in brackets.
    mutating func addGroup() { count += 1 }

    /// The element that came last is a column with the name of a secret.
    mutating func nameLast() {
        if role.contains(.columns), named.count < JSONElements.mostColumns { named.insert(count - 1) }
    }

    /// - Returns: whether it is secret.
    mutating func add(_ leaf: Range<Int>, isNumber: Bool, isName: () -> Bool) -> Bool {
        defer { count += 1 }
        if columns.contains(count) { return true }
        guard !isNumber else { return false }
        if count == 0 { isFirstName = isName() }
        if count == 1 { second = leaf }
        if role.contains(.positional), texts.count < JSONElements.mostTexts { texts.append(leaf) }
        if role.contains(.flat) {
            if count % 2 == 1 { return isLastName }
            isLastName = isName()
        } else if role.contains(.path) {
            isLastName = isName()
        } else if role.contains(.columns), isName(), named.count < JSONElements.mostColumns {
            named.insert(count)
        }
        return false
    }
}
