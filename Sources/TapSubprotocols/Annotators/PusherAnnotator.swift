import TapWebSocket

/// Pusher Channels, protocol 7, as Laravel's Reverb and Soketi speak it, too.
/// https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/
struct PusherAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.pusher

    /// `/app/KEY?protocol=7`
    static func recognizes(_ context: ApplicationContext) -> Bool {
        let parts = context.path.split(separator: "/")
        guard parts.count >= 2, parts[parts.count - 2] == "app" else { return false }
        return context.parameter("protocol").flatMap { Int($0) } != nil
    }

    /// `pusher:connection_established` with a socket's id.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard first.sender == .server, let json = first.json,
            json["event"]?.string == "pusher:connection_established",
            let data = json["data"].flatMap(data), data["socket_id"]?.isString == true
        else { return nil }
        return "pusher:connection_established with a socket_id"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        guard let root = log.json(payload[...], .pusher) else { return }
        guard let event = root["event"]?.string, !event.isEmpty else {
            return log.addMalformed(.pusher, "no event", at: root.range.lowerBound)
        }
        annotate(root, event, &log)
    }

    private func annotate(_ root: JSONValue, _ event: String, _ log: inout ConversationLog) {
        let data = root["data"].flatMap(PusherAnnotator.data)
        let channel = root["channel"]?.string ?? data?["channel"]?.string
        var item = ApplicationItem(.pusher, event, name: channel)
        // Data is JSON in a string, or an object; it is shown as what it says.
        var shown = data?.excerpt() ?? root["data"]?.plain.map { Excerpt.text($0) }
        switch event {
        case "pusher:connection_established":
            item.id = data?["socket_id"]?.string
            item.show("activity_timeout", data?["activity_timeout"]?.plain)
        case "pusher:subscribe":
            shown = nil
            if let auth = root["data"]?["auth"] { item.secrets = [auth.range] }
            if let channel { log.ask(item, .join, id: channel) }
        case "pusher:unsubscribe": shown = nil
        case "pusher_internal:subscription_succeeded":
            if let channel { log.answer(&item, .join, id: channel) }
        case "pusher:subscription_error":
            if let channel { log.answer(&item, .join, id: channel) }
            log.mark(&item, failedWith: data?["status"]?.plain, data?["error"]?.plain ?? data?["type"]?.plain)
        case "pusher:error":
            let text = data?["message"]?.plain
            log.mark(&item, failedWith: data?["code"]?.plain, text)
            shown = Excerpt.line([data?["code"]?.plain, text])
        case "pusher:ping":
            item.isHeartbeat = true
            log.ask(item, .ping, id: "", isRepeat: true)
            shown = nil
        case "pusher:pong":
            item.isHeartbeat = true
            log.answer(&item, .ping, id: "")
            shown = nil
        default: break
        }
        item.summary = Excerpt.line([event, channel.map { Excerpt.text($0) }, shown])
        log.add(item)
    }

    private static func data(_ value: JSONValue) -> JSONValue? { value.isObject ? value : value.embedded }
}
