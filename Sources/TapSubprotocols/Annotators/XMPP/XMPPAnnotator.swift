import TapWebSocket

/// XMPP over WebSocket, RFC 7395: a stanza each.
struct XMPPAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.xmpp

    private static let framing = "urn:ietf:params:xml:ns:xmpp-framing"

    static func isSubprotocol(_ name: String) -> Bool { name == "xmpp" }

    /// `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" …/>`
    static func recognizes(_ first: FirstMessage) -> String? {
        guard first.isText, first.bytes.first == UInt8(ascii: "<"), let root = XMLOutline(first.bytes)?.root,
            root.localName == "open", root["xmlns"] == framing
        else { return nil }
        return "an open of XMPP's framing"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        // White space says that a peer is alive, though RFC 7395 §3.8 wants pings.
        if !payload.isEmpty, payload.allSatisfy({ $0 == 0x20 || $0 == 0x0A }) {
            return log.addHeartbeat(.xmpp, "keep-alive")
        }
        guard let outline = XMLOutline(payload), let root = outline.root else {
            return log.addMalformed(.xmpp, "no element of XML", at: 0)
        }
        var item = ApplicationItem(.xmpp, root.localName, name: root["type"], id: root["id"])
        item.show("from", root["from"])
        item.show("to", root["to"])
        let child = outline.children.first { $0.localName != "error" }
        var words = [root.localName, root["type"], child?.localName]
        switch root.localName {
        case "iq": query(outline, root, &item, &log)
        case "open":
            item.name = root["to"] ?? root["from"]
            words = ["open", item.name]
            // The client opens its stream, then the server its own. RFC 7395 §3.4.
            if log.message.sender == .client {
                log.ask(item, .connect, id: "", isRepeat: true)
            } else {
                log.answer(&item, .connect, id: "")
            }
        case "close": log.beginClosing(at: log.message.time)
        // RFC 6120 §6.4, and XEP-0388.
        case "auth", "response", "challenge", "authenticate":
            item.name = root["mechanism"]
            words = [root.localName, item.name]
            if !root.content.isEmpty { item.secrets = [root.content] }
        case "failure":
            item.name = child?.localName
            log.mark(&item, failedWith: item.name, nil)
        case "error":
            // A stream error ends the stream. RFC 6120 §4.9.
            log.mark(&item, failedWith: child?.localName, nil)
        case "message", "presence":
            words = [root.localName, root["type"], root["to"].map { "to \($0)" } ?? root["from"].map { "from \($0)" }]
            if root["type"] == "error" { fail(outline, &item, &log) }
        default: break
        }
        if let code = item.error?.code, !words.contains(code) { words.append(code) }
        if let id = item.id, root.localName == "iq" { words.append("id \(id)") }
        item.summary = Excerpt.line(excerptsOf: words)
        log.add(item)
    }

    /// Whoever is asked by an `iq` must answer. RFC 6120 §8.2.3.
    private func query(
        _ outline: XMLOutline, _ root: XMLOutline.Element, _ item: inout ApplicationItem, _ log: inout ConversationLog
    ) {
        item.show("namespace", outline.children.first?["xmlns"])
        guard let id = root["id"], let type = root["type"] else {
            return log.mark(&item, malformed: "no id and type", at: 0)
        }
        switch type {
        // Ids are of the two that talk, who are many behind a server.
        case "get", "set": log.ask(item, id: "\(root["to"] ?? "") \(id)")
        case "result", "error":
            if log.answer(&item, id: "\(root["from"] ?? "") \(id)") == nil { log.answer(&item, id: " \(id)") }
            if type == "error" { fail(outline, &item, &log) }
        default: log.mark(&item, malformed: "an iq of type \(Excerpt.text(type, upTo: 24))", at: 0)
        }
    }

    private func fail(_ outline: XMLOutline, _ item: inout ApplicationItem, _ log: inout ConversationLog) {
        let conditions = outline.children(of: "error")
        log.mark(&item, failedWith: conditions.first { $0.localName != "text" }?.localName, nil)
    }
}
