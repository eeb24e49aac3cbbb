import TapWebSocket

/// What development servers tell the pages that they serve: vite's `vite-hmr`, and webpack-dev-server.
struct ReloadAnnotator: Annotator {
    let `protocol`: ApplicationProtocol

    private static let typesOfVite: Set<String> = [
        "connected", "ping", "update", "full-reload", "prune", "error", "custom",
    ]
    private static let typesOfWebpack: Set<String> = [
        "hot", "liveReload", "reconnect", "overlay", "logging", "progress", "progress-update", "hash", "invalid", "ok",
        "still-ok", "warnings", "errors", "error", "content-changed", "static-changed", "close",
    ]

    static func isSubprotocol(_ name: String) -> Bool { name == "vite-hmr" || name == "vite-ping" }

    /// On webpack-dev-server's path, what it says first, with data.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard first.sender == .server, first.context.path == "/ws", let json = first.json,
            let type = json["type"]?.string,
            ["hot", "liveReload", "overlay", "logging", "hash", "progress"].contains(type),
            json.count == 1 || json["data"] != nil
        else { return nil }
        return "\(type) on the path /ws"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        guard let root = log.json(payload[...], `protocol`) else { return }
        let types = `protocol` == .vite ? ReloadAnnotator.typesOfVite : ReloadAnnotator.typesOfWebpack
        guard let type = root["type"]?.string, log.message.sender == .client || types.contains(type) else {
            return log.addMalformed(`protocol`, "no type of a message", at: root.range.lowerBound)
        }
        annotate(root, type, &log)
    }

    private func annotate(_ root: JSONValue, _ type: String, _ log: inout ConversationLog) {
        var item = ApplicationItem(`protocol`, type)
        var shown = root["data"]?.excerpt() ?? root["event"]?.plain
        switch type {
        case "ping": item.isHeartbeat = true
        case "update":
            let updates = root["updates"]?.elements ?? []
            item.name = updates.first?["path"]?.string
            let paths = updates.prefix(4).compactMap { $0["path"]?.string }.map { Excerpt.text($0) }
            shown = (paths + (updates.count > 4 ? ["and \(updates.count - 4) more"] : [])).joined(separator: " ")
        case "full-reload", "custom":
            item.name = root["path"]?.string ?? root["event"]?.string
            shown = item.name.map { Excerpt.text($0) }
        case "error":
            let text = root["err"]?["message"]?.string ?? root["data"]?.excerpt()
            shown = text.map { Excerpt.text($0) }
            item.error = ApplicationItem.Failure(code: nil, text: text)
        case "errors":
            let text = root["data"]?[0]?["message"]?.string ?? root["data"]?[0]?.plain
            shown = text.map { Excerpt.text($0) } ?? shown
            item.error = ApplicationItem.Failure(code: nil, text: text)
        default: break
        }
        item.summary = [type, shown].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
        log.add(item)
    }
}
