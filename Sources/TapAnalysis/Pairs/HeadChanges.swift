/// Which fields of a head are others once a proxy has passed it on, by their names.
public struct HeadChanges: Equatable, Sendable, Codable {
    /// Those that are not there any more.
    public let lost: [String]
    public let added: [String]
    /// Those that have another value.
    public let changed: [String]

    /// So many of each are named, and so many characters of each.
    public static let limit = 32
    public static let nameLimit = 64

    /// Answers `nil` where nothing differs, or where one of the heads was not captured as a whole.
    init?(from before: HeadFields?, to after: HeadFields?) {
        guard let before, let after else { return nil }
        let (old, new) = (before.byKey, after.byKey)
        lost = HeadChanges.names(before) { new[$0.key] == nil }
        added = HeadChanges.names(after) { old[$0.key] == nil }
        changed = HeadChanges.names(before) { field in new[field.key].map { $0.values != field.values } ?? false }
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

    private static func names(_ head: HeadFields, _ isMeant: (HeadFields.Field) -> Bool) -> [String] {
        head.fields.filter(isMeant).prefix(limit).map(\.name)
    }
}
