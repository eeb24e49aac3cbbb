import TapHTTP

/// Which fields of a head are others once a proxy has passed it on, by their names.
public struct HeadChanges: Equatable, Sendable {
    /// Those that are not there any more.
    public let lost: [String]
    public let added: [String]
    /// Those that have another value.
    public let changed: [String]

    /// So many of each are named, and so many characters of each.
    public static let limit = 32
    public static let nameLimit = 64

    /// Answers `nil` where nothing differs, or where one of the heads was not captured as a whole.
    init?(from before: HTTPHead?, to after: HTTPHead?) {
        guard let before, let after, before.isWhole, after.isWhole, before.droppedBytes == 0, after.droppedBytes == 0
        else { return nil }
        let (old, new) = (HeadChanges.values(before), HeadChanges.values(after))
        lost = HeadChanges.names(old.order) { new.values[$0] == nil }
        added = HeadChanges.names(new.order) { old.values[$0] == nil }
        changed = HeadChanges.names(old.order) { name in
            guard let values = new.values[name] else { return false }
            return values != old.values[name]
        }
        if lost.isEmpty, added.isEmpty, changed.isEmpty { return nil }
    }

    private init?(lost: [String], added: [String], changed: [String]) {
        if lost.isEmpty, added.isEmpty, changed.isEmpty { return nil }
        (self.lost, self.added, self.changed) = (lost, added, changed)
    }

    /// Those of fields that WebSocket cannot do without; `nil` where there are none.
    package var ofUpgrade: HeadChanges? {
        HeadChanges(
            lost: lost.filter(HeadChanges.isOfUpgrade), added: added.filter(HeadChanges.isOfUpgrade),
            changed: changed.filter(HeadChanges.isOfUpgrade))
    }

    /// Whether WebSocket cannot do without a field.
    package static func isOfUpgrade(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "upgrade" || name == "connection" || name.hasPrefix("sec-websocket-")
    }

    private static func values(_ head: HTTPHead) -> (values: [String: [String]], order: [(key: String, name: String)]) {
        var values: [String: [String]] = [:]
        var order: [(String, String)] = []
        for field in head.fields.all {
            let key = field.name.lowercased()
            if values[key] == nil { order.append((key, String(field.name.prefix(nameLimit)))) }
            // Tokens, of which the case says nothing. RFC 9110 §7.6.1 and §7.8.
            let isToken = key == "connection" || key == "upgrade"
            values[key, default: []].append(isToken ? field.value.lowercased() : field.value)
        }
        return (values, order)
    }

    private static func names(_ order: [(key: String, name: String)], _ isMeant: (String) -> Bool) -> [String] {
        order.filter { isMeant($0.key) }.prefix(limit).map(\.name)
    }
}
