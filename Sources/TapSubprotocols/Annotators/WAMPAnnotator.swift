import TapWebSocket

/// WAMP 2 (https://wamp-proto.org/wamp_latest_ietf.html) in JSON, MessagePack and CBOR, one message at a time or in batches.
struct WAMPAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.wamp
    private let encoding: Encoding
    private let isBatched: Bool
    /// The topics that the server has numbered, and what a client registered.
    private var topics: [Int64: String] = [:]
    private var procedures: [Int64: String] = [:]

    private enum Encoding { case json, messagePack, cbor }

    private static let mostNames = 1_024
    private static let kinds: [Int64: String] = [
        1: "HELLO", 2: "WELCOME", 3: "ABORT", 4: "CHALLENGE", 5: "AUTHENTICATE", 6: "GOODBYE", 8: "ERROR",
        16: "PUBLISH",
        17: "PUBLISHED", 32: "SUBSCRIBE", 33: "SUBSCRIBED", 34: "UNSUBSCRIBE", 35: "UNSUBSCRIBED", 36: "EVENT",
        48: "CALL",
        49: "CANCEL", 50: "RESULT", 64: "REGISTER", 65: "REGISTERED", 66: "UNREGISTER", 67: "UNREGISTERED",
        68: "INVOCATION", 69: "INTERRUPT", 70: "YIELD",
    ]

    init(_ context: ApplicationContext) {
        let name = context.subprotocol ?? ""
        encoding = name.contains(".msgpack") ? .messagePack : name.contains(".cbor") ? .cbor : .json
        isBatched = name.hasSuffix(".batched")
    }

    static func isSubprotocol(_ name: String) -> Bool {
        ["wamp.2.json", "wamp.2.msgpack", "wamp.2.cbor"].contains { name == $0 || name == "\($0).batched" }
    }

    /// HELLO with a realm and roles.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard first.sender == .client, let json = first.json, json.isArray, json.count == 3, json[0]?.integer == 1,
            json[1]?.isString == true, json[2]?["roles"]?.isObject == true
        else { return nil }
        return "HELLO with a realm and roles"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        var rest = payload[...]
        repeat {
            guard let (unit, end) = next(rest) else {
                return log.addMalformed(.wamp, "a batch that is not whole", at: rest.startIndex)
            }
            let start = unit.startIndex
            if let message = value(unit), let type = message[0]?.integer {
                annotate(type, message, start, payload.count, &log)
            } else {
                log.addMalformed(.wamp, "no message", at: start)
            }
            rest = rest[end...]
        } while isBatched && !rest.isEmpty
    }

    /// In a batch JSON ends with 1E, and others begin with their length.
    private func next(_ rest: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, Int)? {
        guard isBatched else { return (rest, rest.endIndex) }
        var scanner = ByteScanner(rest)
        if encoding == .json { return scanner.take(until: 0x1E).map { ($0, $0.endIndex + 1) } }
        guard let length = scanner.number(UInt32.self), let unit = scanner.take(Int(length)) else { return nil }
        return (unit, unit.endIndex)
    }

    private func value(_ unit: ArraySlice<UInt8>) -> StructuredValue? {
        switch encoding {
        case .json: (try? JSONDocument(unit)).map { StructuredValue($0.root) }
        case .messagePack: StructuredValue.whole(unit, MessagePackReader.read)
        case .cbor: StructuredValue.whole(unit, CBORReader.read)
        }
    }

    private mutating func annotate(
        _ type: Int64, _ message: StructuredValue, _ offset: Int, _ length: Int, _ log: inout ConversationLog
    ) {
        guard let kind = WAMPAnnotator.kinds[type] else {
            return log.addMalformed(.wamp, "no message of type \(type)", at: offset)
        }
        var item = ApplicationItem(.wamp, kind)
        var shown: [String?] = []
        switch type {
        case 1:
            item.name = message[1]?.string
            log.ask(item, .connect, id: "")
        case 2:
            item.id = message[1]?.plain
            log.answer(&item, .connect, id: "")
        case 3, 6:
            item.name = message[2]?.string
            if type == 3 {
                log.answer(&item, .connect, id: "")
                log.mark(&item, failedWith: item.name, message[1]?["message"]?.string)
            }
            shown = [message[1]?["message"]?.string]
        case 4: item.name = message[1]?.string
        case 5: item.secrets = [0..<length]
        case 8: error(message, &item, &log)
        case 16, 32, 48, 64:
            item.id = message[1]?.plain
            item.name = message[3]?.string
            let isDemanding = type != 16 || message[2]?["acknowledge"] == .boolean(true)
            if let id = item.id, isDemanding { log.ask(item, id: id) }
            shown = [message[4]?.excerpt(), message[5]?.excerpt()]
        case 34, 66:
            item.id = message[1]?.plain
            if let number = message[2]?.integer { item.name = type == 34 ? topics[number] : procedures[number] }
            if let id = item.id { log.ask(item, id: id) }
        case 17, 33, 35, 50, 65, 67, 70: answer(type, message, &item, &log)
        case 36:
            item.name = message[1]?.integer.flatMap { topics[$0] }
            shown = [message[4]?.excerpt(), message[5]?.excerpt()]
        case 68:
            item.id = message[1]?.plain
            item.name = message[3]?["procedure"]?.string ?? message[2]?.integer.flatMap { procedures[$0] }
            if let id = item.id { log.ask(item, id: id) }
            shown = [message[4]?.excerpt(), message[5]?.excerpt()]
        default: item.id = message[1]?.plain
        }
        if type == 50 || type == 70 { shown = [message[3]?.excerpt(), message[4]?.excerpt()] }
        if let error = item.error { shown = [error.code, error.text] }
        let words = [kind, item.name, item.id.map { "req \($0)" }] + shown
        item.summary = Excerpt.line(excerptsOf: words)
        log.add(item)
    }

    private mutating func answer(
        _ type: Int64, _ message: StructuredValue, _ item: inout ApplicationItem, _ log: inout ConversationLog
    ) {
        guard let id = message[1]?.plain else { return }
        item.id = id
        let isProgress = message[2]?["progress"] == .boolean(true)
        item.name = log.answer(&item, id: id, isLast: !isProgress)?.name
        guard type == 33 || type == 65, let number = message[2]?.integer, let name = item.name else { return }
        if type == 33, topics.count < WAMPAnnotator.mostNames { topics[number] = name }
        if type == 65, procedures.count < WAMPAnnotator.mostNames { procedures[number] = name }
    }

    /// The type and the number of the request, details, and a URI.
    private func error(
        _ message: StructuredValue, _ item: inout ApplicationItem, _ log: inout ConversationLog
    ) {
        guard let uri = message[4], let id = message[2]?.plain else {
            return log.mark(&item, malformed: "an error without request and URI", at: 0)
        }
        item.id = id
        item.name = log.answer(&item, id: id)?.name
        let text = message[5].map { $0[0]?.plain ?? $0.excerpt() }
        log.mark(&item, failedWith: uri.string, text)
    }
}
