import TapWebSocket

/// SockJS over WebSocket (https://github.com/sockjs/sockjs-protocol): its own frames, and what is in them, each message in
/// its turn.
struct SockJSAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.sockJS
    private var inner = ProtocolStage(ApplicationContext(subprotocol: nil, target: ""))

    /// `/prefix/server/session/websocket`, where the server is three digits.
    static func recognizes(_ context: ApplicationContext) -> Bool {
        let parts = context.path.split(separator: "/")
        guard parts.count >= 3, parts[parts.count - 1] == "websocket" else { return false }
        let (server, session) = (parts[parts.count - 3], parts[parts.count - 2])
        return server.utf8.count == 3 && server.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && session.utf8.count >= 4
    }

    mutating func lose(_ sender: Sender) { inner.lose(sender) }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        if log.message.sender == .client { return messages(payload[...], &log) }
        var item: ApplicationItem
        switch payload.first {
        case UInt8(ascii: "o") where payload.count == 1: item = ApplicationItem(.sockJS, "open", summary: "open")
        case UInt8(ascii: "h") where payload.count == 1: return log.addHeartbeat(.sockJS, "heartbeat")
        case UInt8(ascii: "a"), UInt8(ascii: "m"): return messages(payload.dropFirst(), &log)
        case UInt8(ascii: "c"):
            guard let root = try? JSONDocument(payload.dropFirst()).root, let code = root[0]?.integer,
                let reason = root[1]?.string
            else { return log.addMalformed(.sockJS, "a close without code and reason", at: 1) }
            item = ApplicationItem(.sockJS, "close", name: String(code))
            item.summary = "close \(code) \(Excerpt.text(reason))"
        default: return log.addMalformed(.sockJS, "no frame of SockJS", at: 0)
        }
        log.add(item)
    }

    private mutating func messages(_ text: ArraySlice<UInt8>, _ log: inout ConversationLog) {
        guard let root = log.json(text, .sockJS) else { return }
        let messages = root.isArray ? root.elements : [root]
        for message in messages {
            guard let inside = message.string else {
                return log.addMalformed(.sockJS, "a message that is no string", at: message.range.lowerBound)
            }
            guard !log.isFull else { return }
            let bytes = Array(inside.utf8)
            var item = ApplicationItem(.sockJS, "message", summary: "message \(Excerpt.text(inside))")
            let before = log.output.items.count
            log.add(item)
            inner.annotate(bytes, &log)
            guard log.output.items.count > before + 1 else { continue }
            // Inside, places are those of the text without its escapes: the whole of it has to be covered.
            let hasSecrets = log.output.items[(before + 1)...].contains { !$0.secrets.isEmpty }
            item.summary = "message"
            if hasSecrets { item.secrets = [message.range] }
            log.output.items[before] = item
            for index in (before + 1)..<log.output.items.count { log.output.items[index].secrets = [] }
        }
    }
}
