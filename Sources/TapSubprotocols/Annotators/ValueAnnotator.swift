import TapWebSocket

/// Messages of no protocol that is known: JSON objects and arrays, and binary messages that wholly are MessagePack or CBOR.
///
/// Nobody owes an answer here, so there are no findings. A message answers another one only where most ids of one side have
/// come back from the other exactly once.
struct ValueAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.json
    private let binaryForm: BinaryForm?
    private var ids = ReturningIDs()

    private static let kindNames: [JSONName] = ["type", "op", "event", "action", "method", "cmd"]
    private static let idNames: [JSONName] = ["id", "request_id", "requestId", "ref", "seq", "nonce"]

    /// A summary shows so many bytes of a payload's fields.
    private static let longestTree = 512

    init(binaryForm: BinaryForm?) { self.binaryForm = binaryForm }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        if !log.message.isText, binaryForm == .protobuf,
            let tree = ProtobufTree.text(payload[...], upTo: ValueAnnotator.longestTree)
        {
            log.add(ApplicationItem(.protobuf, "value", summary: tree))
        } else if let json = FirstMessage.container(
            in: payload, isText: log.message.isText, reusing: &log.room.spareDocument)
        {
            annotate(json, &log)
        } else if !log.message.isText, let value = BinaryValue.found(in: payload) {
            log.add(ApplicationItem(value.format, "value", summary: value.text))
        }
    }

    mutating func lose(_ sender: Sender) { ids = ReturningIDs() }

    private mutating func annotate(_ json: JSONValue, _ log: inout ConversationLog) {
        let kind = ValueAnnotator.kindNames.lazy.compactMap { json[$0] }.first { $0.plain?.isEmpty == false }
        let id = ValueAnnotator.idNames.lazy.compactMap { json[$0] }.first { $0.plain != nil }
        var item = ApplicationItem(.json, kind?.plain ?? (json.isArray ? "array" : "object"), id: id?.plain)
        item.summary = json.excerpt(upTo: 160)
        if let id { item.answer = ids.receive(Excerpt.text(id.text, upTo: 64), log.message) }
        log.add(item)
    }
}

/// Tells whether ids of one side come back from the other, as those of requests do.
private struct ReturningIDs {
    private struct Side {
        /// Ids that have not come back yet, and by which message they were sent.
        var open: [String: ApplicationMessage] = [:]
        /// Ids that have come back.
        var returned: Set<String> = []
        var sent = 0
        var returnedOnce = 0
    }

    private var client = Side()
    private var server = Side()

    /// Ids remembered for a side.
    private static let limit = 256
    /// Fewer say nothing.
    private static let least = 3

    mutating func receive(_ id: String, _ message: ApplicationMessage) -> ApplicationItem.Answer? {
        message.sender == .client
            ? ReturningIDs.receive(id, message, &client, &server) : ReturningIDs.receive(id, message, &server, &client)
    }

    private static func receive(
        _ id: String, _ message: ApplicationMessage, _ sender: inout Side, _ peer: inout Side
    ) -> ApplicationItem.Answer? {
        if let request = peer.open.removeValue(forKey: id) {
            if peer.returned.count < limit { peer.returned.insert(id) }
            peer.returnedOnce += 1
            guard peer.sent >= least, peer.returnedOnce * 2 > peer.sent else { return nil }
            return ApplicationItem.Answer(
                message: request.number, latency: message.time.elapsed(since: request.time))
        }
        if peer.returned.contains(id) {
            peer.returnedOnce -= 1
            peer.returned.remove(id)
            return nil
        }
        sender.sent += 1
        if sender.open.count < limit { sender.open[id] = message }
        return nil
    }
}
