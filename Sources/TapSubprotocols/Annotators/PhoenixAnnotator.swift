import TapWebSocket

/// Phoenix channels, versions 1 and 2 of the serializer, also binary; and Supabase Realtime, which speaks them.
/// https://hexdocs.pm/phoenix/writing_a_channels_client.html
///
/// A server owes a reply to a join, a leave and a heartbeat; a channel need not reply to anything else, so nothing is
/// concluded from silence there.
struct PhoenixAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.phoenix

    private struct Unit {
        var ref: String?
        var topic: String
        var event: String
        var payload: JSONValue?
        /// What a payload that is no JSON comes to.
        var size: Int?
        var status: String?
    }

    private static let demanding: Set<String> = ["phx_join", "phx_leave", "heartbeat"]
    private static let secretNames: [JSONName] = ["access_token", "token", "apikey", "password"]

    static func recognizes(_ context: ApplicationContext) -> Bool {
        context.path.hasSuffix("/websocket")
            && context.parameter("vsn").map { $0.hasPrefix("1.") || $0.hasPrefix("2.") } == true
    }

    /// A join, a reply or a heartbeat in one of the two forms.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard let json = first.json, let unit = unit(json) else { return nil }
        guard
            unit.event == "phx_join" || unit.event == "phx_reply"
                || (unit.event == "heartbeat" && unit.topic == "phoenix")
        else { return nil }
        return "\(unit.event) with topic, reference and payload"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        guard log.message.isText else {
            guard let unit = PhoenixAnnotator.unit(binary: payload, from: log.message.sender) else {
                return log.addMalformed(.phoenix, "no binary message of Phoenix", at: 0)
            }
            return annotate(unit, &log)
        }
        guard let root = log.json(payload[...], .phoenix) else { return }
        guard let unit = PhoenixAnnotator.unit(root) else {
            return log.addMalformed(.phoenix, "no topic, event and payload", at: root.range.lowerBound)
        }
        annotate(unit, &log)
    }

    private func annotate(_ unit: Unit, _ log: inout ConversationLog) {
        var item = ApplicationItem(.phoenix, unit.event, name: unit.topic, id: unit.ref)
        let isOfServer = log.message.sender == .server
        item.isHeartbeat = unit.topic == "phoenix"
        let status = unit.status ?? (unit.event == "phx_reply" ? unit.payload?["status"]?.string : nil)
        var shown = unit.payload?.excerpt() ?? unit.size.map { Excerpt.size($0) }
        if unit.event == "phx_reply" {
            if let ref = unit.ref, let request = log.answer(&item, id: ref) { item.show("event", request.kind) }
            item.show("status", status)
            shown = Excerpt.line([status, unit.payload?["response"]?.excerpt() ?? shown])
            if status == "error" { log.mark(&item, failedWith: nil, PhoenixAnnotator.reason(unit.payload)) }
        } else if unit.event == "phx_error" {
            log.mark(&item, failedWith: nil, nil)
        } else if !isOfServer, let ref = unit.ref {
            log.ask(item, id: ref, demandsAnswer: PhoenixAnnotator.demanding.contains(unit.event))
        }
        item.secrets = unit.payload.map { PhoenixAnnotator.secrets(in: $0) } ?? []
        if !item.secrets.isEmpty { shown = nil }
        let words = [unit.event, Excerpt.text(unit.topic), unit.ref.map { "ref \(Excerpt.text($0, upTo: 24))" }, shown]
        item.summary = Excerpt.line(words)
        log.add(item)
    }

    private static func reason(_ payload: JSONValue?) -> String? {
        guard let response = payload?["response"] else { return nil }
        return response["reason"]?.plain ?? response.excerpt()
    }

    private static func secrets(in payload: JSONValue) -> [Range<Int>] {
        secretNames.compactMap { payload[$0] }.filter(\.isString).map(\.range).sorted { $0.lowerBound < $1.lowerBound }
    }

    private static func unit(_ root: JSONValue) -> Unit? {
        if root.isArray {
            guard root.count == 5, let topic = root[2]?.string, let event = root[3]?.string, !event.isEmpty,
                let payload = root[4]
            else {
                return nil
            }
            return Unit(ref: root[1]?.plain, topic: topic, event: event, payload: payload)
        }
        guard let topic = root["topic"]?.string, let event = root["event"]?.string, !event.isEmpty,
            let payload = root["payload"]
        else {
            return nil
        }
        return Unit(ref: root["ref"]?.plain, topic: topic, event: event, payload: payload)
    }

    /// A push, a reply or a broadcast: lengths of a byte each, then the texts, then the payload.
    private static func unit(binary payload: [UInt8], from sender: Sender) -> Unit? {
        var scanner = ByteScanner(payload)
        guard let kind = scanner.byte(), kind <= 2 else { return nil }
        // The reference of the join, the reference, the topic, and the event or the status.
        let hasJoin = kind < 2
        let hasRef = kind == 1 || (kind == 0 && sender == .client)
        var lengths: [Int] = []
        for _ in 0..<(2 + (hasJoin ? 1 : 0) + (hasRef ? 1 : 0)) {
            guard let length = scanner.byte() else { return nil }
            lengths.append(Int(length))
        }
        var texts: [String] = []
        for length in lengths {
            guard let text = scanner.take(length).flatMap({ String(validating: $0, as: UTF8.self) }) else { return nil }
            texts.append(text)
        }
        let (topic, event) = (texts[texts.count - 2], texts[texts.count - 1])
        guard !event.isEmpty else { return nil }
        let ref = hasRef ? texts[texts.count - 3] : nil
        return Unit(
            ref: ref, topic: topic, event: kind == 1 ? "phx_reply" : event, payload: nil, size: scanner.remaining,
            status: kind == 1 ? event : nil)
    }
}
