import TapHTTP

/// Whether `Upgrade` and `Connection` say what both sides of a handshake must say. RFC 6455 §4.1 and §4.2.2.
enum TokenCheck {
    static func check(
        _ fields: HTTPFields, _ sender: Sender, _ upgrade: FindingID, _ connection: FindingID,
        _ found: inout [Violation]
    ) {
        if !fields.list(.upgrade, contains: "websocket") {
            found.append(missing("websocket", in: "Upgrade", fields, sender, upgrade))
        }
        if !fields.list(.connection, contains: "upgrade") {
            found.append(missing("upgrade", in: "Connection", fields, sender, connection))
        }
    }

    private static func missing(
        _ token: String, in name: String, _ fields: HTTPFields, _ sender: Sender, _ id: FindingID
    ) -> Violation {
        let values = fields[name]
        let detail =
            values.isEmpty
            ? "there is no \(name) field"
            : "\(name) is “\(values.joined(separator: ", "))”, without \(token)"
        return Violation(
            id, by: sender, detail, values.isEmpty ? [] : [Evidence("found", .text(values.joined(separator: ", ")))])
    }
}
