import TapWebSocket

/// Engine.IO 3 and 4 (https://socket.io/docs/v4/engine-io-protocol/), and Socket.IO on it
/// (https://socket.io/docs/v4/socket-io-protocol/), also with its parser for MessagePack.
struct SocketIOAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.socketIO
    /// Before version 4, binary messages begin with the type of the packet.
    private let isOld: Bool
    /// The client up to version 3, then the server; `nil` where the version is not known.
    private let pinging: Sender?
    /// What each side still has to send of an event: messages, and the event's name.
    private var attachments: [Sender: (count: Int, name: String?)] = [:]
    /// Who may have announced attachments in what is missing.
    private var unsure = Set<Sender>()

    private static let engineKinds = ["open", "close", "ping", "pong", "message", "upgrade", "noop"]
    private static let kinds = ["connect", "disconnect", "event", "ack", "connect_error", "binary_event", "binary_ack"]

    init(_ context: ApplicationContext) {
        let version = context.parameter("EIO")
        isOld = version == "3"
        pinging = isOld ? .client : version == "4" ? .server : nil
    }

    static func recognizes(_ context: ApplicationContext) -> Bool {
        guard let version = context.parameter("EIO"), Int(version) != nil else { return false }
        return context.parameter("transport") == "websocket"
    }

    /// `0{"sid":…,"pingInterval":…}`
    static func recognizes(_ first: FirstMessage) -> String? {
        guard first.isText, first.sender == .server, first.bytes.first == UInt8(ascii: "0"),
            let open = try? JSONDocument(first.bytes.dropFirst()).root, open["sid"]?.isString == true,
            open["pingInterval"]?.integer != nil
        else { return nil }
        return "an open packet with sid and pingInterval"
    }

    mutating func lose(_ sender: Sender) {
        attachments[sender] = nil
        unsure.insert(sender)
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        guard log.message.isText else { return binary(payload, &log) }
        guard let type = payload.first.map({ Int($0) - 0x30 }), SocketIOAnnotator.engineKinds.indices.contains(type)
        else {
            return log.addMalformed(.socketIO, "no packet of Engine.IO", at: 0)
        }
        if attachments[log.message.sender] != nil, type == 4 {
            log.addMalformed(.socketIO, "a text where an attachment was to come", at: 0)
            attachments[log.message.sender] = nil
        }
        if type == 4 {
            unsure.remove(log.message.sender)
            return packet(payload, &log)
        }
        engine(type, payload.dropFirst(), &log)
    }

    // MARK: Engine.IO

    private mutating func engine(_ type: Int, _ rest: ArraySlice<UInt8>, _ log: inout ConversationLog) {
        var item = ApplicationItem(.socketIO, SocketIOAnnotator.engineKinds[type])
        item.summary = rest.isEmpty ? item.kind : "\(item.kind) \(Excerpt.text(rest))"
        switch type {
        case 0: open(rest, &item, &log)
        case 2:
            item.isHeartbeat = rest.isEmpty
            log.ask(item, .ping, id: Excerpt.text(rest), demandsAnswer: false)
            log.ping()
        case 3:
            item.isHeartbeat = rest.isEmpty
            log.answer(&item, .ping, id: Excerpt.text(rest))
        default: break
        }
        log.add(item)
    }

    private func open(_ rest: ArraySlice<UInt8>, _ item: inout ApplicationItem, _ log: inout ConversationLog) {
        do {
            let root = try JSONDocument(rest).root
            item.id = root["sid"]?.string
            guard let interval = root["pingInterval"]?.integer, let timeout = root["pingTimeout"]?.integer,
                (1...86_400_000).contains(interval), (1...86_400_000).contains(timeout)
            else { return }
            item.show("ping_interval", Seconds.text(Int64(interval) * 1_000_000))
            item.show("ping_timeout", Seconds.text(Int64(timeout) * 1_000_000))
            // Who pings does so every interval, and the other has the time-out to answer.
            guard let pinging else { return }
            log.expect(from: pinging, within: Int64(interval + timeout) * 1_000_000, "pingInterval and pingTimeout")
            log.expectAnswer(from: pinging.peer, within: Int64(timeout) * 1_000_000, "pingTimeout after a ping")
        } catch {
            log.mark(&item, malformed: error.reason, at: error.offset)
        }
    }

    // MARK: Socket.IO

    private mutating func packet(_ payload: [UInt8], _ log: inout ConversationLog) {
        var scanner = ByteScanner(payload.dropFirst())
        guard let type = scanner.byte().map({ Int($0) - 0x30 }), SocketIOAnnotator.kinds.indices.contains(type) else {
            return log.addMalformed(.socketIO, "no packet of Socket.IO", at: min(1, payload.count))
        }
        var count = 0
        if type >= 5 {
            guard let digits = scanner.take(until: UInt8(ascii: "-")), let number = SocketIOAnnotator.number(digits)
            else {
                return log.addMalformed(.socketIO, "no number of attachments", at: 2)
            }
            count = number
        }
        var namespace = "/"
        if scanner.next == UInt8(ascii: "/") {
            let end = scanner.rest.firstIndex(of: UInt8(ascii: ",")) ?? payload.endIndex
            namespace = String(decoding: payload[scanner.index..<end], as: UTF8.self)
            scanner = ByteScanner(payload[min(end + 1, payload.endIndex)...])
        }
        let digits = scanner.rest.prefix { (0x30...0x39).contains($0) }
        let data = scanner.rest.dropFirst(digits.count)
        var item = ApplicationItem(.socketIO, SocketIOAnnotator.kinds[type])
        let id = digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
        guard !data.isEmpty else { return describe(&item, type, namespace, id, nil, count, &log) }
        do {
            let root = try JSONDocument.read(data, reusing: &log.room.spareDocument)
            // What a client sends to connect is how it tells who it is.
            if type == 0, log.message.sender == .client { item.secrets = [root.range] }
            describe(&item, type, namespace, id, .json(root), count, &log)
        } catch {
            log.addMalformed(.socketIO, "\(item.kind): \(error.reason)", at: error.offset)
        }
    }

    private mutating func describe(
        _ item: inout ApplicationItem, _ type: Int, _ namespace: String, _ id: String?, _ data: SocketIOData?,
        _ count: Int, _ log: inout ConversationLog
    ) {
        if namespace != "/" { item.show("namespace", namespace) }
        item.id = id
        /// What is shown of the data: all of it, or elements of an array.
        var shown: Range<Int>?
        switch type {
        case 0:
            if log.message.sender == .client {
                // Before version 4 nobody answers for the default namespace, which is open anyhow.
                log.ask(item, .connect, id: namespace, demandsAnswer: !isOld || namespace != "/")
                shown = 0..<0
            } else {
                log.answer(&item, .connect, id: namespace)
            }
        case 2, 5:
            guard let data, let name = data.firstElement?.plain else {
                return log.addMalformed(.socketIO, "\(item.kind) without a name", at: 0)
            }
            item.name = name
            shown = 1..<9
            if let id { log.ask(item, id: SocketIOAnnotator.key(namespace, id)) }
        case 3, 6:
            guard let data, data.isArray, let id else {
                return log.addMalformed(.socketIO, "\(item.kind) without an id or arguments", at: 0)
            }
            item.name = log.answer(&item, id: SocketIOAnnotator.key(namespace, id))?.name
            shown = 0..<8
        case 4:
            log.answer(&item, .connect, id: namespace)
            log.mark(&item, failedWith: nil, data?.reason)
        default: break
        }
        var line = SummaryLine()
        line.add(item.kind)
        if namespace != "/" { line.add(namespace) }
        line.add(excerptOf: item.name)
        if let id {
            if type == 2 || type == 5 { line.add("ack") }
            line.add(id)
        }
        data?.add(shown, to: &line)
        item.line = line.bytes
        if count > 0 { attachments[log.message.sender] = (count, item.name) }
        log.add(item)
    }

    /// Ids are counted for each namespace; that of most connections needs no name.
    private static func key(_ namespace: String, _ id: String) -> String {
        namespace == "/" ? id : "\(namespace) \(id)"
    }

    // MARK: Binary messages

    private mutating func binary(_ payload: [UInt8], _ log: inout ConversationLog) {
        let sender = log.message.sender
        var data = payload[...]
        if isOld {
            guard data.popFirst() == 4 else { return log.addMalformed(.socketIO, "no packet of Engine.IO", at: 0) }
        }
        if let waiting = attachments[sender] {
            attachments[sender] = waiting.count > 1 ? (waiting.count - 1, waiting.name) : nil
            var item = ApplicationItem(.socketIO, "attachment", name: waiting.name)
            item.summary = Excerpt.line(["attachment of", waiting.name, Excerpt.size(data.count)])
            return log.add(item)
        }
        guard let value = StructuredValue.whole(data, MessagePackReader.read),
            let type = value["type"]?.integer.flatMap({ Int(exactly: $0) }), let namespace = value["nsp"]?.string,
            SocketIOAnnotator.kinds.indices.contains(type)
        else {
            return unsure.contains(sender) ? () : log.addMalformed(.socketIO, "bytes that are no attachment", at: 0)
        }
        var item = ApplicationItem(.socketIO, SocketIOAnnotator.kinds[type])
        if type == 0, sender == .client { item.secrets = [0..<payload.count] }
        describe(&item, type, namespace, value["id"]?.plain, value["data"].map { .structured($0) }, 0, &log)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 6, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}

/// What a packet carries, in JSON or in MessagePack.
private enum SocketIOData {
    case json(JSONValue)
    case structured(StructuredValue)

    var isArray: Bool {
        switch self {
        case .json(let value): value.isArray
        case .structured(let value): value.array != nil
        }
    }

    var firstElement: SocketIOData? {
        switch self {
        case .json(let value): value[0].map { .json($0) }
        case .structured(let value): value[0].map { .structured($0) }
        }
    }

    var plain: String? {
        switch self {
        case .json(let value): value.isString ? value.string : StructuredValue(value).plain
        case .structured(let value): value.plain
        }
    }

    /// Why it was refused to connect.
    var reason: String? {
        let value =
            switch self {
            case .json(let value): StructuredValue(value)
            case .structured(let value): value
            }
        return value["message"]?.string ?? value.plain ?? value.excerpt()
    }

    /// Adds the elements at some positions, or all that there is.
    func add(_ positions: Range<Int>?, to line: inout SummaryLine) {
        switch self {
        case .json(let value):
            guard let positions else { return SocketIOData.add(value, to: &line) }
            value.forEachElement(in: positions) { SocketIOData.add($0, to: &line) }
        case .structured(let value):
            guard let positions else { return line.add(value.excerpt()) }
            for element in (value.array ?? []).prefix(positions.upperBound).dropFirst(positions.lowerBound) {
                line.add(element.excerpt())
            }
        }
    }

    private static func add(_ value: JSONValue, to line: inout SummaryLine) {
        if value.isShownAsWritten {
            line.add(excerptOf: value)
        } else {
            line.add(StructuredValue(value).excerpt())
        }
    }
}
