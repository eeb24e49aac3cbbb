import TapWebSocket

/// SignalR's hub protocol, in JSON and MessagePack.
/// https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md
struct SignalRAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.signalR
    private var hasBegun = false
    /// Whether the server's answer to the handshake is still to come.
    private var awaitsHandshake = false
    /// Whether the handshake may be among what is missing.
    private var isUnsure = false

    private static let separator: UInt8 = 0x1E
    private static let kinds = [
        1: "invocation", 2: "stream_item", 3: "completion", 4: "stream_invocation", 5: "cancel_invocation", 6: "ping",
        7: "close", 8: "ack", 9: "sequence",
    ]

    /// What a message of the hub holds, in whichever encoding.
    private struct Unit {
        var type: Int
        var id: String?
        var target: String?
        var arguments: StructuredValue?
        var error: String?
        /// Whether it has more than its type.
        var hasMore = false
    }

    /// `{"protocol":"json","version":1}` behind which the separator stands; or such records with a type.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard first.bytes.last == separator, first.bytes.first == UInt8(ascii: "{"),
            let root = try? JSONDocument(first.bytes.prefix { $0 != separator }).root
        else { return nil }
        if let name = root["protocol"]?.string, root["version"]?.integer != nil, first.sender == .client {
            return "a handshake for \(Excerpt.text(name, upTo: 24))"
        }
        guard first.isText, let type = root["type"]?.integer, let kind = kinds[type] else { return nil }
        guard type == 6 || root["invocationId"] != nil || root["target"] != nil else { return nil }
        return "records behind which 1E stands, the first of type \(kind)"
    }

    mutating func lose(_ sender: Sender) { isUnsure = true }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        log.message.isText ? text(payload, &log) : binary(payload, &log)
    }

    private mutating func text(_ payload: [UInt8], _ log: inout ConversationLog) {
        var scanner = ByteScanner(payload)
        while !scanner.isAtEnd {
            let start = scanner.index
            guard let record = scanner.take(until: SignalRAnnotator.separator) else {
                return log.addMalformed(.signalR, "a record without its end", at: start)
            }
            if let root = log.json(record, .signalR) { annotate(root, &log) }
        }
    }

    private mutating func annotate(_ root: JSONValue, _ log: inout ConversationLog) {
        if let name = root["protocol"]?.string, root["version"] != nil {
            var item = ApplicationItem(.signalR, "handshake", name: name)
            item.summary = "handshake \(Excerpt.text(name)) version \(root["version"]?.plain ?? "")"
            log.ask(item, .connect, id: "")
            (hasBegun, awaitsHandshake) = (true, true)
            return log.add(item)
        }
        guard let type = root["type"]?.integer else { return handshake(root, &log) }
        noteMessage(of: log.message.sender)
        annotate(
            Unit(
                type: type, id: root["invocationId"]?.plain, target: root["target"]?.string,
                arguments: (root["arguments"] ?? root["item"] ?? root["result"]).map { StructuredValue($0) },
                error: root["error"]?.plain, hasMore: root.count > 1), at: root.range.lowerBound, &log)
    }

    private mutating func handshake(_ root: JSONValue, _ log: inout ConversationLog) {
        let isAnswer = root.isObject && (root.count == 0 || root["error"] != nil)
        guard log.message.sender == .server, root.isObject, awaitsHandshake || (isUnsure && isAnswer) else {
            return isUnsure ? () : log.addMalformed(.signalR, "no type", at: root.range.lowerBound)
        }
        (awaitsHandshake, isUnsure) = (false, false)
        var item = ApplicationItem(.signalR, "handshake", summary: "handshake answered")
        log.answer(&item, .connect, id: "")
        if let error = root["error"]?.plain {
            item.summary = "handshake refused: \(Excerpt.text(error))"
            log.mark(&item, failedWith: nil, error)
        }
        log.add(item)
    }

    private func annotate(_ unit: Unit, at offset: Int, _ log: inout ConversationLog) {
        guard let kind = SignalRAnnotator.kinds[unit.type] else {
            return log.addMalformed(.signalR, "no message of type \(unit.type)", at: offset)
        }
        var item = ApplicationItem(.signalR, kind, name: unit.target, id: unit.id)
        switch unit.type {
        case 1, 4:
            guard unit.target != nil else { return log.addMalformed(.signalR, "\(kind) without a target", at: offset) }
            if let id = unit.id { log.ask(item, id: id, demandsAnswer: unit.type == 1) }
        case 2, 3:
            guard let id = unit.id else { return log.addMalformed(.signalR, "\(kind) without an id", at: offset) }
            item.name = log.answer(&item, id: id, isLast: unit.type == 3)?.name
        case 6: item.isHeartbeat = !unit.hasMore
        default: break
        }
        let id = unit.id.map { "id \(Excerpt.text($0, upTo: 48))" }
        let words = [kind, item.name.map { Excerpt.text($0) }, id, unit.error.map { "error \(Excerpt.text($0))" }]
        item.summary = Excerpt.line(words + [unit.arguments?.excerpt()])
        if let error = unit.error { log.mark(&item, failedWith: nil, error) }
        log.add(item)
    }

    // MARK: MessagePack

    private mutating func binary(_ payload: [UInt8], _ log: inout ConversationLog) {
        var scanner = ByteScanner(payload)
        // The handshake is JSON, also where it comes in a binary message.
        let isHandshake = log.message.sender == .client ? !hasBegun : awaitsHandshake || isUnsure
        if isHandshake, payload.first == UInt8(ascii: "{") {
            var ahead = scanner
            if let record = ahead.take(until: SignalRAnnotator.separator), let root = try? JSONDocument(record).root {
                scanner = ahead
                annotate(root, &log)
            }
        }
        while !scanner.isAtEnd {
            let start = scanner.index
            guard let length = scanner.variableLength(upTo: 5), let body = scanner.take(Int(clamping: length)) else {
                return log.addMalformed(.signalR, "a length that does not fit the message", at: start)
            }
            guard let unit = StructuredValue.whole(body, MessagePackReader.read).flatMap(SignalRAnnotator.unit) else {
                log.addMalformed(.signalR, "no message in MessagePack", at: start)
                continue
            }
            noteMessage(of: log.message.sender)
            annotate(unit, at: start, &log)
        }
    }

    /// What a server says of the hub comes after its answer to the handshake.
    private mutating func noteMessage(of sender: Sender) { if sender == .server { isUnsure = false } }

    private static func unit(_ value: StructuredValue) -> Unit? {
        guard let type = value[0]?.integer.flatMap({ Int(exactly: $0) }) else { return nil }
        var unit = Unit(type: type, id: (1...5).contains(type) ? value[2]?.plain : nil)
        switch type {
        case 1, 4: (unit.target, unit.arguments) = (value[3]?.string, value[4])
        case 2: unit.arguments = value[3]
        case 3:
            // Of the three kinds of results one is an error.
            if value[3]?.integer == 1 { unit.error = value[4]?.plain ?? "" } else { unit.arguments = value[4] }
        case 7: unit.error = value[1]?.plain
        default: break
        }
        return unit
    }
}
