import TapWebSocket

/// Jupyter's messages to kernels over WebSocket, in JSON and in `v1.kernel.websocket.jupyter.org`.
/// https://jupyter-client.readthedocs.io/en/stable/messaging.html, https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html
struct JupyterAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.jupyter
    static let subprotocol = "v1.kernel.websocket.jupyter.org"

    private static let mostParts: UInt64 = 1_024

    /// `/api/kernels/ID/channels`
    static func recognizes(_ context: ApplicationContext) -> Bool {
        let parts = context.path.split(separator: "/")
        guard parts.count >= 4, parts[parts.count - 1] == "channels" else { return false }
        return parts[parts.count - 3] == "kernels" && parts[parts.count - 4] == "api"
    }

    /// A header with msg_id and msg_type, and a parent_header.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard let json = first.json, json["header"]?["msg_id"]?.isString == true,
            json["header"]?["msg_type"]?.isString == true, json["parent_header"]?.isObject == true
        else { return nil }
        return "a header with msg_id and msg_type, and a parent_header"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        if !log.message.isText, let parts = JupyterAnnotator.parts(payload) { return annotate(parts, &log) }
        // The older form sends a message with buffers as their number, their offsets, and then JSON.
        let text = JupyterAnnotator.json(payload, log.message.isText)
        guard let root = log.json(text, .jupyter) else { return }
        annotate(
            root["channel"]?.string, root["header"], root["parent_header"], root["content"], root.range.lowerBound,
            &log)
    }

    private func annotate(_ parts: [ArraySlice<UInt8>], _ log: inout ConversationLog) {
        guard let header = log.json(parts[1], .jupyter), let parent = log.json(parts[2], .jupyter),
            let content = log.json(parts[4], .jupyter)
        else { return }
        annotate(String(decoding: parts[0], as: UTF8.self), header, parent, content, parts[0].startIndex, &log)
    }

    private func annotate(
        _ channel: String?, _ header: JSONValue?, _ parent: JSONValue?, _ content: JSONValue?, _ offset: Int,
        _ log: inout ConversationLog
    ) {
        guard let type = header?["msg_type"]?.string, !type.isEmpty, let id = header?["msg_id"]?.string else {
            return log.addMalformed(.jupyter, "no msg_type and msg_id", at: offset)
        }
        var item = ApplicationItem(.jupyter, type, name: channel, id: id)
        let request = parent?["msg_id"]?.string
        item.show("parent", request)
        let status = content?["status"]?.string ?? content?["execution_state"]?.string
        item.show("status", status)
        if type.hasSuffix("_request") {
            log.ask(item, id: id)
        } else if type.hasSuffix("_reply"), let request {
            log.answer(&item, id: request)
            if content?["status"]?.string == "error" {
                log.mark(&item, failedWith: content?["ename"]?.string, content?["evalue"]?.string)
            }
        }
        if type == "input_reply", let value = content?["value"] { item.secrets = [value.range] }
        let text = content?["code"] ?? content?["text"] ?? content?["data"]
        let shown = status ?? text?.excerpt() ?? content?.excerpt()
        item.summary = Excerpt.line([channel.map { Excerpt.text($0) }, type, shown])
        if let error = item.error {
            item.summary += " \([error.code, error.text].compactMap { $0 }.joined(separator: ": "))"
        }
        log.add(item)
    }

    /// The channel, the header, the parent's, metadata, content and buffers: their number, their offsets, then they.
    private static func parts(_ payload: [UInt8]) -> [ArraySlice<UInt8>]? {
        var scanner = ByteScanner(payload)
        guard let count = scanner.number(UInt64.self)?.byteSwapped, (6...mostParts).contains(count) else { return nil }
        var offsets: [Int] = []
        for _ in 0..<count {
            guard let offset = scanner.number(UInt64.self)?.byteSwapped, let place = Int(exactly: offset),
                place <= payload.count, place >= offsets.last ?? scanner.index
            else { return nil }
            offsets.append(place)
        }
        return zip(offsets, offsets.dropFirst()).map { payload[$0..<$1] }
    }

    private static func json(_ payload: [UInt8], _ isText: Bool) -> ArraySlice<UInt8> {
        guard !isText else { return payload[...] }
        var scanner = ByteScanner(payload)
        guard let count = scanner.number(UInt32.self), (1...UInt32(mostParts)).contains(count),
            let start = scanner.number(UInt32.self), Int(start) <= payload.count
        else { return payload[...] }
        let next = count > 1 ? scanner.number(UInt32.self).map { Int($0) } ?? payload.count : payload.count
        return payload[Int(start)..<max(Int(start), min(next, payload.count))]
    }
}
