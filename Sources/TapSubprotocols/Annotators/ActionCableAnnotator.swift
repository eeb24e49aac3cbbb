import TapWebSocket

/// Action Cable, `actioncable-v1-json` and what extends it. https://docs.anycable.io/misc/action_cable_protocol
struct ActionCableAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.actionCable
    /// When the server last sent a ping, in nanoseconds; `nil` if none is known.
    private var lastPing: Int64?

    private static let types: Set<String> = [
        "welcome", "ping", "confirm_subscription", "reject_subscription", "disconnect", "confirm_history",
        "reject_history",
    ]
    private static let commands: Set<String> = ["subscribe", "unsubscribe", "message", "history", "pong", "whisper"]

    static func isSubprotocol(_ name: String) -> Bool { name.hasPrefix("actioncable-") }

    /// A command of the client with an identifier that names a channel.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard let json = first.json, let command = json["command"]?.string, commands.contains(command),
            let name = channel(json["identifier"]), !name.isEmpty
        else { return nil }
        return "a command \(command) for a channel"
    }

    mutating func lose(_ sender: Sender) { if sender == .server { lastPing = nil } }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        guard let root = log.json(payload[...], .actionCable) else { return }
        if log.message.sender == .client { command(root, &log) } else { notice(root, &log) }
    }

    private func command(_ root: JSONValue, _ log: inout ConversationLog) {
        guard let command = root["command"]?.string ?? (root["type"]?.string == "pong" ? "pong" : nil),
            ActionCableAnnotator.commands.contains(command)
        else { return log.addMalformed(.actionCable, "no command", at: root.range.lowerBound) }
        var item = ApplicationItem(.actionCable, command, name: ActionCableAnnotator.channel(root["identifier"]))
        item.isHeartbeat = command == "pong"
        item.show("identifier", root["identifier"]?.string.map { Excerpt.text($0) })
        let data = root["data"]?.string.map { Excerpt.text($0) } ?? root["data"]?.excerpt()
        item.summary = Excerpt.line([command, item.name.map { Excerpt.text($0) }, data])
        if command == "subscribe", let identifier = root["identifier"]?.string { log.ask(item, .join, id: identifier) }
        log.add(item)
    }

    private mutating func notice(_ root: JSONValue, _ log: inout ConversationLog) {
        let type = root["type"]?.string
        guard type.map(ActionCableAnnotator.types.contains) ?? (root["identifier"] != nil) else {
            return log.addMalformed(.actionCable, "neither a type nor an identifier", at: root.range.lowerBound)
        }
        let identifier = root["identifier"]?.string
        var item = ApplicationItem(
            .actionCable, type ?? "message", name: ActionCableAnnotator.channel(root["identifier"]))
        item.show("identifier", identifier.map { Excerpt.text($0) })
        var shown = root["message"]?.excerpt()
        switch type {
        case "ping":
            item.isHeartbeat = true
            ping(&log)
        case "confirm_subscription", "reject_subscription":
            if let identifier { log.answer(&item, .join, id: identifier) }
            if type == "reject_subscription" { log.mark(&item, failedWith: nil, nil) }
        case "disconnect":
            shown = root["reason"]?.string.map { Excerpt.text($0) }
            item.show("reconnect", root["reconnect"]?.plain)
        default: break
        }
        item.summary = Excerpt.line([item.kind, item.name.map { Excerpt.text($0) }, shown])
        log.add(item)
    }

    /// Rails pings every three seconds, others as often as they like: only what was seen is expected to go on. A client takes
    /// the connection for dead after two pings that do not come.
    private mutating func ping(_ log: inout ConversationLog) {
        let now = log.message.time.nanoseconds
        if let lastPing, (2_500_000_000...3_500_000_000).contains(now &- lastPing) {
            log.expect(from: .server, within: 6_500_000_000, "pings came every 3 s")
        }
        lastPing = now
    }

    /// The channel that an identifier, which is JSON in a string, names.
    private static func channel(_ identifier: JSONValue?) -> String? {
        identifier?.embedded?["channel"]?.string
    }
}
