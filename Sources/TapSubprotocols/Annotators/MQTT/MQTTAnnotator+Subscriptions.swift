// Subscriptions, pings and the end of a connection.

extension MQTTAnnotator {
    // MARK: SUBSCRIBE

    func subscribe(
        _ type: Int, _ scanner: inout ByteScanner, _ item: inout ApplicationItem, _ log: inout ConversationLog
    ) -> Bool {
        guard let number = scanner.number(UInt16.self) else { return false }
        let id = String(number)
        item.id = id
        guard !isVersionUnknown else {
            log.ask(item, .subscribe, id: id)
            return false
        }
        if version == 5, MQTTProperties(&scanner, shownIn: &item) == nil { return false }
        var filters: [String] = []
        var count = 0
        while !scanner.isAtEnd {
            guard let filter = scanner.prefixed16() else { return false }
            var text = Excerpt.text(filter)
            if item.name == nil { item.name = text }
            if type == 8 {
                guard let options = scanner.byte() else { return false }
                text += " QoS\(options & 3)"
            }
            count += 1
            if filters.count < 4 { filters.append(text) }
        }
        let more = count > filters.count ? "and \(count - filters.count) more" : nil
        item.summary = Excerpt.line([item.kind, "id \(id)"] + filters + [more])
        if !log.isOpen(.subscribe, id: id), isInUse(id, log) { log.addDuplicate(item, id: id) }
        log.ask(item, .subscribe, id: id)
        return count > 0
    }

    func subscribeAnswer(
        _ type: Int, _ scanner: inout ByteScanner, _ item: inout ApplicationItem, _ log: inout ConversationLog
    ) -> Bool {
        guard let number = scanner.number(UInt16.self) else { return false }
        item.id = String(number)
        item.name = log.answer(&item, .subscribe, id: String(number))?.name
        guard !isVersionUnknown else { return false }
        var text: String?
        if version == 5 {
            guard let properties = MQTTProperties(&scanner, shownIn: &item) else { return false }
            text = properties.reason
        }
        let codes = scanner.rest
        let shown = codes.prefix(8).map { $0 < 3 && type == 9 ? "QoS\($0)" : "\($0) \(MQTTReason.name($0))" }
        item.summary = ([item.kind, "id \(number)"] + shown).joined(separator: " ")
        if let failed = codes.first(where: { $0 >= 0x80 }) {
            log.mark(&item, failedWith: String(failed), text ?? MQTTReason.name(failed))
        }
        return true
    }

    // MARK: The others

    func ping(_ type: Int, _ item: inout ApplicationItem, _ log: inout ConversationLog) -> Bool {
        item.summary = item.kind
        item.isHeartbeat = true
        if type == 12 { log.ask(item, .ping, id: "", isRepeat: true) } else { log.answer(&item, .ping, id: "") }
        return true
    }

    func end(
        _ type: Int, _ scanner: inout ByteScanner, _ packet: MQTTStream.Packet, _ item: inout ApplicationItem,
        _ log: inout ConversationLog
    ) -> Bool {
        item.summary = item.kind
        if type == 14 { log.beginClosing(at: log.message.time) }
        guard let code = scanner.byte() else { return true }
        var text = MQTTReason.name(code)
        if !scanner.isAtEnd {
            guard let properties = MQTTProperties(&scanner, shownIn: &item) else { return false }
            text = properties.reason ?? text
            if let secret = properties.secret { addSecret(secret, packet, &item) }
        }
        if code != 0 { item.summary += " \(code) \(text)" }
        if code >= 0x80 { log.mark(&item, failedWith: String(code), text) }
        return scanner.isAtEnd
    }
}
