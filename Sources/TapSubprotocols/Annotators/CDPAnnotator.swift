import TapWebSocket

/// The Chrome DevTools Protocol. https://chromedevtools.github.io/devtools-protocol/
struct CDPAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.cdp

    /// Domains that a client begins with.
    private static let domains: Set<String> = [
        "Browser", "Target", "Page", "Runtime", "Network", "DOM", "Debugger", "Log", "Performance", "Emulation",
        "Security",
        "Fetch", "Input", "Inspector", "CSS", "Overlay", "Storage", "ServiceWorker", "Profiler", "HeapProfiler",
        "NodeRuntime",
        "NodeWorker", "Console",
    ]

    /// `/devtools/page/…`, `/devtools/browser/…`
    static func recognizes(_ context: ApplicationContext) -> Bool {
        context.path.hasPrefix("/devtools/") && context.path.split(separator: "/").count >= 3
    }

    /// A call with a number and the method of a domain.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard first.sender == .client, let json = first.json, json["id"]?.integer != nil,
            let method = json["method"]?.string, json["jsonrpc"] == nil
        else { return nil }
        let parts = method.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, domains.contains(String(parts[0])), parts[1].first?.isLowercase == true else {
            return nil
        }
        return "a call of \(Excerpt.text(method)) with a number"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        if let root = log.json(payload[...], .cdp) { annotate(root, &log) }
    }

    private func annotate(_ root: JSONValue, _ log: inout ConversationLog) {
        let session = root["sessionId"]?.string
        let id = root["id"]?.integer.map { String($0) }
        let key = "\(session ?? "") \(id ?? "")"
        if let method = root["method"]?.string {
            var item = ApplicationItem(.cdp, id == nil ? "event" : "request", name: method, id: id)
            item.show("session", session)
            item.summary = CDPAnnotator.line(method, id, root["params"]?.excerpt())
            if id != nil { log.ask(item, id: key) }
            return log.add(item)
        }
        guard root["result"] != nil || root["error"] != nil else {
            return log.addMalformed(.cdp, "neither a method nor a result nor an error", at: root.range.lowerBound)
        }
        var item = ApplicationItem(.cdp, root["error"] == nil ? "response" : "error", id: id)
        item.show("session", session)
        if id != nil { item.name = log.answer(&item, id: key)?.name }
        if let error = root["error"] {
            let (code, text) = (error["code"]?.plain, error["message"]?.string)
            item.summary = CDPAnnotator.line(
                item.name, id, Excerpt.line(["error", code, text.map { Excerpt.text($0) }]))
            log.mark(&item, failedWith: code, text)
        } else {
            item.summary = CDPAnnotator.line(item.name, id, "result \(root["result"]?.excerpt() ?? "")")
        }
        log.add(item)
    }

    private static func line(_ name: String?, _ id: String?, _ rest: String?) -> String {
        Excerpt.line([name.map { Excerpt.text($0) }, id.map { "id \($0)" }, rest])
    }
}
