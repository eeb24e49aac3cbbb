/// JSON-RPC 2.0 (https://www.jsonrpc.org/specification), and what is built on it: the Language Server Protocol, the Model
/// Context Protocol, Ethereum.
struct JSONRPCAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.jsonRPC

    private static let two: JSONName = "2.0"

    /// What messages have.
    private struct Members {
        private static let names: InlineArray<6, JSONName> = ["jsonrpc", "method", "id", "params", "result", "error"]

        private let value: JSONValue
        private let found: InlineArray<6, Int32?>

        init(_ value: JSONValue) {
            self.value = value
            found = value.find(Members.names)
        }

        var hasVersion: Bool { value.has(found[0], saying: JSONRPCAnnotator.two) }
        var method: JSONValue? { value.member(found[1]) }
        var id: JSONValue? { value.member(found[2]) }
        var params: JSONValue? { value.member(found[3]) }
        var result: JSONValue? { value.member(found[4]) }
        var error: JSONValue? { value.member(found[5]) }
        var isAnswer: Bool { found[4] != nil || found[5] != nil }
        /// Where they begin.
        var start: Int { value.range.lowerBound }
    }

    /// Subprotocols of what is built on it.
    static let subprotocols = ["mcp", "jsonrpc", "jsonrpc2.0", "json-rpc", "lsp"]

    /// One member alone says nothing: the version and what a call, an answer or a notification must have.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard let json = first.json else { return nil }
        let units = json.isArray ? json.elements : [json]
        guard !units.isEmpty, units.allSatisfy({ $0["jsonrpc"]?.string == "2.0" }) else { return nil }
        let isWhole = units.allSatisfy { $0["method"]?.isString == true || ($0["id"] != nil && Members($0).isAnswer) }
        return isWhole ? "\"jsonrpc\":\"2.0\" with a method or an answer" : nil
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        guard let root = log.json(payload[...], .jsonRPC) else { return }
        guard root.isArray else { return annotate(root, &log) }
        if root.count == 0 { log.addMalformed(.jsonRPC, "an empty batch", at: 0) }
        for element in root.elements { annotate(element, &log) }
    }

    private func annotate(_ value: JSONValue, _ log: inout ConversationLog) {
        guard value.isObject else { return log.addMalformed(.jsonRPC, "no object", at: value.range.lowerBound) }
        let members = Members(value)
        if let method = members.method {
            call(members, method, &log)
        } else if members.isAnswer {
            answer(members, &log)
        } else {
            log.addMalformed(.jsonRPC, "neither a method nor a result nor an error", at: members.start)
        }
    }

    private func call(_ members: Members, _ method: JSONValue, _ log: inout ConversationLog) {
        guard let name = method.string else {
            return log.addMalformed(.jsonRPC, "the method is no string", at: method.range.lowerBound)
        }
        let id = members.id
        var item = ApplicationItem(.jsonRPC, id == nil ? "notification" : "request", name: name, id: id?.plain)
        var line = JSONRPCAnnotator.line(name, id)
        if let params = members.params { line.add(excerptOf: params) }
        item.line = line.bytes.isEmpty ? Array(item.kind.utf8) : line.bytes
        markVersion(members, &item, &log)
        // A request whose id is null has no answer that could be told from others. §4.1, note 1.
        if let id, id.kind != .null { log.ask(item, id: JSONRPCAnnotator.key(id, item)) }
        log.add(item)
    }

    private func answer(_ members: Members, _ log: inout ConversationLog) {
        let id = members.id
        let error = members.error.flatMap { $0.kind == .null ? nil : $0 }
        var item = ApplicationItem(.jsonRPC, error == nil ? "response" : "error", id: id?.plain)
        if let id, id.kind != .null { item.name = log.answer(&item, id: JSONRPCAnnotator.key(id, item))?.name }
        if let error {
            let code = error["code"]?.plain
            let text = error["message"]?.string ?? error.excerpt()
            item.show("code_name", code.flatMap(JSONRPCAnnotator.codeName))
            item.show("data", error["data"]?.excerpt())
            var line = JSONRPCAnnotator.line(item.name, id)
            line.add("error")
            line.add(code)
            line.add(excerptOf: text)
            item.line = line.bytes
            log.mark(&item, failedWith: code, text)
            if members.result.map({ $0.kind != .null }) == true {
                log.mark(&item, malformed: "both a result and an error", at: members.start)
            }
        } else {
            var line = JSONRPCAnnotator.line(item.name, id)
            line.add("result")
            if let result = members.result { line.add(excerptOf: result) } else { line.add("") }
            item.line = line.bytes
        }
        markVersion(members, &item, &log)
        if id == nil { log.mark(&item, malformed: "an answer without an id", at: members.start) }
        log.add(item)
    }

    private func markVersion(_ members: Members, _ item: inout ApplicationItem, _ log: inout ConversationLog) {
        if !members.hasVersion {
            log.mark(&item, malformed: "\"jsonrpc\" is not \"2.0\"", at: members.start)
        }
    }

    /// As it is written: the number 1 and the string "1" are different ids.
    private static func key(_ id: JSONValue, _ item: ApplicationItem) -> String {
        id.kind == .number ? item.id ?? "" : String(decoding: id.text, as: UTF8.self)
    }

    private static func line(_ name: String?, _ id: JSONValue?) -> SummaryLine {
        var line = SummaryLine()
        line.add(excerptOf: name)
        if let id { line.add("id", excerptOf: id.text, upTo: 48) }
        return line
    }

    /// §5.1, and those of the Language Server Protocol 3.17.
    private static func codeName(_ code: String) -> String? {
        switch code {
        case "-32700": "Parse error"
        case "-32600": "Invalid Request"
        case "-32601": "Method not found"
        case "-32602": "Invalid params"
        case "-32603": "Internal error"
        case "-32002": "ServerNotInitialized"
        case "-32800": "RequestCancelled"
        case "-32801": "ContentModified"
        case "-32802": "ServerCancelled"
        case "-32803": "RequestFailed"
        default: nil
        }
    }
}
