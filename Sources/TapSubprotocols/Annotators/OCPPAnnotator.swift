import TapWebSocket

/// OCPP-J, the Open Charge Point Protocol over WebSocket: 1.6, 2.0.1 and 2.1 (Part 4, §4).
struct OCPPAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.ocpp

    private static let kinds = [
        2: "CALL", 3: "CALLRESULT", 4: "CALLERROR", 5: "CALLRESULTERROR", 6: "SEND",
    ]
    /// Calls that a charging station begins with.
    private static let actions: Set<String> = [
        "BootNotification", "Heartbeat", "StatusNotification", "Authorize", "StartTransaction", "StopTransaction",
        "MeterValues", "TransactionEvent", "NotifyReport", "SecurityEventNotification",
    ]

    static func isSubprotocol(_ name: String) -> Bool {
        name.lowercased().hasPrefix("ocpp") && name.dropFirst(4).first?.isNumber == true
    }

    /// A call, its id, an action that stations begin with, and an object.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard let json = first.json, json.isArray, json.count == 4, json[0]?.integer == 2, json[1]?.isString == true,
            let action = json[2]?.string, actions.contains(action), json[3]?.isObject == true
        else { return nil }
        return "a CALL of \(action)"
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        guard let root = log.json(payload[...], .ocpp) else { return }
        guard let type = root[0]?.integer, let kind = OCPPAnnotator.kinds[type], let id = root[1]?.string else {
            return log.addMalformed(.ocpp, "no message type and id", at: root.range.lowerBound)
        }
        annotate(root, type, ApplicationItem(.ocpp, kind, id: id), id, &log)
    }

    private func annotate(
        _ root: JSONValue, _ type: Int, _ item: ApplicationItem, _ id: String, _ log: inout ConversationLog
    ) {
        var item = item
        var shown: [String?] = []
        switch type {
        case 2, 6:
            guard let action = root[2]?.string, root[3]?.isObject == true else {
                return log.addMalformed(
                    .ocpp, "\(item.kind) without an action and its payload", at: root.range.lowerBound)
            }
            item.name = action
            shown = [action, root[3]?.excerpt()]
            if type == 2 { log.ask(item, id: id) }
        case 3:
            guard let payload = root[2], payload.isObject else {
                return log.addMalformed(.ocpp, "CALLRESULT without a payload", at: root.range.lowerBound)
            }
            item.name = log.answer(&item, id: id)?.name
            let status = payload["status"]?.string
            item.show("status", status)
            shown = [item.name, status, payload.excerpt()]
            if item.name == "BootNotification" { expect(payload, &log) }
        default:
            guard let code = root[2]?.string else {
                return log.addMalformed(.ocpp, "\(item.kind) without a code", at: root.range.lowerBound)
            }
            // An error of a result goes back to whom the call came from: it answers no open call.
            if type == 4 { item.name = log.answer(&item, id: id)?.name }
            shown = [item.name, code, root[3]?.string, root[4]?.excerpt()]
            log.mark(&item, failedWith: code, root[3]?.string)
        }
        item.summary = ([item.kind] + shown.compactMap { $0 }.filter { !$0.isEmpty }.map { Excerpt.text($0) })
            .joined(separator: " ")
        log.add(item)
    }

    /// A station that was accepted sends something at least once an interval: OCPP 1.6 §4.6, 2.0.1 G02. Twice that is late.
    private func expect(_ payload: JSONValue, _ log: inout ConversationLog) {
        guard payload["status"]?.string == "Accepted", let interval = payload["interval"]?.integer,
            (1...31_536_000).contains(interval)
        else { return }
        log.expect(
            from: log.message.sender.peer, within: Int64(interval) * 2_000_000_000,
            "twice the heartbeat interval of \(interval) s")
    }
}
