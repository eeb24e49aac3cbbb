/// GraphQL over WebSocket: `graphql-transport-ws` (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md) and the
/// older `graphql-ws` (https://github.com/apollographql/subscriptions-transport-ws/blob/master/PROTOCOL.md).
struct GraphQLAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.graphQL
    static let subprotocols = ["graphql-transport-ws", "graphql-ws"]

    private let types: Set<String>

    private static let current: Set<String> = [
        "connection_init", "connection_ack", "ping", "pong", "subscribe", "next", "error", "complete",
    ]
    private static let older: Set<String> = [
        "connection_init", "connection_ack", "connection_error", "connection_terminate", "ka", "start", "data", "error",
        "complete", "stop",
    ]

    init(_ context: ApplicationContext) {
        types =
            switch context.subprotocol {
            case "graphql-transport-ws": GraphQLAnnotator.current
            case "graphql-ws": GraphQLAnnotator.older
            default: GraphQLAnnotator.current.union(GraphQLAnnotator.older)
            }
    }

    /// A `subscribe` or `start` with an id and a query.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard let json = first.json, let type = json["type"]?.string, type == "subscribe" || type == "start",
            json["id"]?.isString == true, json["payload"]?["query"]?.isString == true
        else { return nil }
        return "\"\(type)\" with an id and a query"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        guard let root = log.json(payload[...], .graphQL) else { return }
        guard let type = root["type"]?.string, types.contains(type) else {
            return log.addMalformed(.graphQL, "no type of a message", at: root.range.lowerBound)
        }
        annotate(root, type, &log)
    }

    private func annotate(_ root: JSONValue, _ type: String, _ log: inout ConversationLog) {
        let id = root["id"]?.plain
        let payload = root["payload"].flatMap { $0.kind == .null ? nil : $0 }
        var item = ApplicationItem(.graphQL, type, id: id)
        var shown = payload?.excerpt()
        switch type {
        case "connection_init":
            if let payload { item.secrets = [payload.range] }
            shown = nil
            log.ask(item, .connect, id: "")
        case "connection_ack": log.answer(&item, .connect, id: "")
        case "connection_error":
            log.answer(&item, .connect, id: "")
            log.mark(&item, failedWith: nil, GraphQLAnnotator.message(payload))
        case "ping":
            item.isHeartbeat = true
            log.ask(item, .ping, id: "", demandsAnswer: false)
        case "pong":
            item.isHeartbeat = true
            log.answer(&item, .ping, id: "")
        case "ka": item.isHeartbeat = true
        case "connection_terminate": log.beginClosing(at: log.message.time)
        case "subscribe", "start":
            let operation = GraphQLOperation(payload?["query"], payload?["operationName"]?.string)
            item.name = operation.name
            item.show("operation", operation.kind)
            shown = Excerpt.line([operation.kind, operation.name])
            if payload?["query"] == nil { shown = payload?.excerpt() }
            guard let id else {
                log.mark(&item, malformed: "no id", at: root.range.lowerBound)
                break
            }
            log.ask(item, id: id, demandsAnswer: operation.kind == "query" || operation.kind == "mutation")
        case "stop":
            if let id { log.withdraw(id: id) }
        case "complete" where log.message.sender == .client:
            if let id { log.withdraw(id: id) }
        default: answer(&item, id, payload, &log)
        }
        item.summary = Excerpt.line([type, id.map { Excerpt.text($0, upTo: 48) }, shown])
        log.add(item)
    }

    private func answer(
        _ item: inout ApplicationItem, _ id: String?, _ payload: JSONValue?, _ log: inout ConversationLog
    ) {
        guard let id else { return log.mark(&item, malformed: "no id", at: 0) }
        let isLast = item.kind == "error" || item.kind == "complete"
        item.name = log.answer(&item, id: id, isLast: isLast)?.name
        if item.kind == "error" {
            log.mark(&item, failedWith: nil, GraphQLAnnotator.message(payload))
        } else if let errors = payload?["errors"], errors.isArray, errors.count > 0 {
            log.mark(&item, failedWith: nil, GraphQLAnnotator.message(errors))
        }
    }

    /// The message of an error, or of the first of several.
    private static func message(_ payload: JSONValue?) -> String? {
        guard let payload else { return nil }
        return (payload.isArray ? payload[0] : payload)?["message"]?.string ?? payload.excerpt()
    }
}

/// What a document of GraphQL asks for. https://spec.graphql.org/October2021/#sec-Language.Operations
private struct GraphQLOperation {
    private(set) var kind: String?
    private(set) var name: String?

    /// Of several operations the one that is named, else the first.
    init(_ query: JSONValue?, _ wanted: String?) {
        name = wanted
        guard let text = query?.string else { return }
        var depth = 0
        var current: (kind: String, name: String?)?
        for word in GraphQLOperation.words(text) {
            switch word {
            case "{", "(":
                if depth == 0, word == "{" {
                    let operation = current ?? ("query", nil)
                    let isWanted = wanted == nil ? kind == nil : wanted == operation.name
                    if operation.kind != "fragment", isWanted {
                        kind = operation.kind
                        name = wanted ?? operation.name.flatMap { $0.isEmpty ? nil : $0 }
                    }
                    current = nil
                }
                depth += 1
            case "}", ")": depth -= 1
            case _ where depth > 0: break
            // A directive, behind which there is no name any more.
            case "@": if let operation = current, operation.name == nil { current?.name = "" }
            default:
                current = current.map { ($0.kind, $0.name ?? word) } ?? (word, nil)
            }
        }
    }

    /// Names and brackets, without comments and strings; of a long document the beginning.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var (isComment, isString, isEscaped) = (false, false, false)
        let bytes = Array(text.utf8.prefix(4_096))
        /// Where the name begins that is being read.
        var start: Int?
        for (index, byte) in bytes.enumerated() {
            if isComment {
                isComment = byte != UInt8(ascii: "\n")
                continue
            }
            if isString {
                isString = byte != UInt8(ascii: "\"") || isEscaped
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                continue
            }
            if isOfName(byte) {
                start = start ?? index
                continue
            }
            if let first = start { words.append(String(decoding: bytes[first..<index], as: UTF8.self)) }
            start = nil
            switch byte {
            case UInt8(ascii: "#"): isComment = true
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "{"): words.append("{")
            case UInt8(ascii: "}"): words.append("}")
            case UInt8(ascii: "("): words.append("(")
            case UInt8(ascii: ")"): words.append(")")
            case UInt8(ascii: "@"): words.append("@")
            default: break
            }
        }
        return words
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
