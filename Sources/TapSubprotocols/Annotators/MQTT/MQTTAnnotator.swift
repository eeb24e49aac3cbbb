import TapWebSocket

/// MQTT 3.1, 3.1.1 and 5 (OASIS).
struct MQTTAnnotator: Annotator {
    let `protocol` = ApplicationProtocol.mqtt
    private var client = MQTTStream()
    private var server = MQTTStream()
    /// 3, 4 or 5; `nil` where there was neither CONNECT nor its answer.
    private(set) var version: UInt8?
    /// Whether those may be among what is missing: without its version nobody knows what belongs to a packet.
    private(set) var isVersionUnknown = false
    /// Whose next message may go on with a packet whose beginning is missing.
    private var unsure = Set<Sender>()
    private var keepAlive: UInt16 = 0
    private var clientAliases: [UInt16: String] = [:]
    private var serverAliases: [UInt16: String] = [:]

    private static let mostAliases = 1_024
    private static let names = [
        "", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK",
        "UNSUBSCRIBE",
        "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH",
    ]

    static func isSubprotocol(_ name: String) -> Bool { name == "mqtt" || name == "mqttv3.1" }

    /// A packet CONNECT with the protocol's name and a version.
    static func recognizes(_ first: FirstMessage) -> String? {
        guard !first.isText, first.sender == .client, first.bytes.first == 0x10 else { return nil }
        var stream = MQTTStream()
        let (packets, fault) = stream.receive(first.bytes)
        guard fault == nil, let packet = packets.first else { return nil }
        var scanner = ByteScanner(packet.body)
        guard let name = scanner.prefixed16(), name.elementsEqual("MQTT".utf8) || name.elementsEqual("MQIsdp".utf8),
            let version = scanner.byte(), (3...5).contains(version)
        else { return nil }
        return "a packet CONNECT of version \(version)"
    }

    mutating func lose(_ sender: Sender) {
        unsure.insert(sender)
        if version == nil { isVersionUnknown = true }
        if sender == .client { client = MQTTStream() } else { server = MQTTStream() }
        // An alias may have been given in what is missing.
        if sender == .client { clientAliases = [:] } else { serverAliases = [:] }
    }

    mutating func annotate(_ payload: [UInt8], _ log: inout ConversationLog) {
        if unsure.contains(log.message.sender) {
            guard MQTTStream.isWhole(payload, from: log.message.sender) else {
                // A password may be among it.
                if log.message.sender == .client, version == nil { log.addRest(.mqtt, 0..<payload.count) }
                return
            }
            unsure.remove(log.message.sender)
        }
        var stream = log.message.sender == .client ? client : server
        let (packets, fault) = stream.receive(payload)
        if log.message.sender == .client { client = stream } else { server = stream }
        for packet in packets { annotate(packet, &log) }
        if let fault { log.addMalformed(.mqtt, "no packet of MQTT begins here", at: fault) }
        if packets.isEmpty, stream.firstOfPending == 0x10 {
            var item = ApplicationItem(.mqtt, "CONNECT", summary: "CONNECT, the first \(Excerpt.size(payload.count))")
            // A password may be among it, and where is only known later.
            item.secrets = [0..<payload.count]
            log.add(item)
        }
    }

    private mutating func annotate(_ packet: MQTTStream.Packet, _ log: inout ConversationLog) {
        let type = Int(packet.first >> 4)
        var item = ApplicationItem(.mqtt, MQTTAnnotator.names[type])
        var scanner = ByteScanner(packet.body)
        let isRead =
            switch type {
            case 1: connect(&scanner, packet, &item, &log)
            case 2: connectAnswer(&scanner, packet, &item, &log)
            case 3: publish(&scanner, packet, &item, &log)
            case 4...7: acknowledge(type, &scanner, &item, &log)
            case 8, 10: subscribe(type, &scanner, &item, &log)
            case 9, 11: subscribeAnswer(type, &scanner, &item, &log)
            case 14, 15: end(type, &scanner, packet, &item, &log)
            default: ping(type, &item, &log)
            }
        if !isRead {
            if item.summary.isEmpty { item.summary = Excerpt.line([item.kind, item.id.map { "id \($0)" }]) }
            if !isVersionUnknown || type == 1 {
                log.mark(&item, malformed: "a packet that is not whole", at: max(0, packet.offset))
            }
        }
        log.add(item)
    }

    // MARK: CONNECT

    private mutating func connect(
        _ scanner: inout ByteScanner, _ packet: MQTTStream.Packet, _ item: inout ApplicationItem,
        _ log: inout ConversationLog
    ) -> Bool {
        guard let name = scanner.prefixed16(), name.elementsEqual("MQTT".utf8) || name.elementsEqual("MQIsdp".utf8),
            let level = scanner.byte(), let flags = scanner.byte(), let seconds = scanner.number(UInt16.self)
        else { return false }
        (version, isVersionUnknown) = (level, false)
        keepAlive = seconds
        if level == 5 {
            guard let properties = MQTTProperties(&scanner, shownIn: &item) else { return false }
            if let secret = properties.secret { addSecret(secret, packet, &item) }
        }
        guard let id = scanner.prefixed16() else { return false }
        item.name = Excerpt.text(id)
        item.show("version", level == 5 ? "5" : level == 4 ? "3.1.1" : level == 3 ? "3.1" : String(level))
        item.show("keep_alive", String(seconds))
        item.show("clean_start", flags & 0x02 != 0 ? "true" : "false")
        if flags & 0x04 != 0 {
            if level == 5, MQTTProperties(&scanner) == nil { return false }
            guard let topic = scanner.prefixed16(), scanner.prefixed16() != nil else { return false }
            item.show("will_topic", Excerpt.text(topic))
        }
        var user: String?
        if flags & 0x80 != 0 {
            guard let name = scanner.prefixed16() else { return false }
            user = Excerpt.text(name)
            item.show("user", user)
        }
        if flags & 0x40 != 0 {
            guard let password = scanner.prefixed16() else { return false }
            addSecret(password.startIndex..<password.endIndex, packet, &item)
        }
        let words = ["CONNECT", item.name, user.map { "user \($0)" }, "keep alive \(seconds) s"]
        item.summary = words.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
        log.ask(item, .connect, id: "")
        expectClient(&log)
        return scanner.isAtEnd
    }

    /// A range of the body, as far as it lies in this message.
    func addSecret(_ range: Range<Int>, _ packet: MQTTStream.Packet, _ item: inout ApplicationItem) {
        let shift = packet.offset - packet.body.startIndex
        let place = max(0, range.lowerBound + shift)..<max(0, range.upperBound + shift)
        if !place.isEmpty { item.secrets.append(place) }
    }

    private mutating func connectAnswer(
        _ scanner: inout ByteScanner, _ packet: MQTTStream.Packet, _ item: inout ApplicationItem,
        _ log: inout ConversationLog
    ) -> Bool {
        guard let flags = scanner.byte(), let code = scanner.byte() else { return false }
        item.show("session_present", flags & 1 != 0 ? "true" : "false")
        var reason = MQTTReason.connect(code)
        log.answer(&item, .connect, id: "")
        // From version 5 on there are properties, or that there are none is said.
        if version == nil { (version, isVersionUnknown) = (scanner.isAtEnd ? 4 : 5, false) }
        if version == 5 {
            guard let properties = MQTTProperties(&scanner, shownIn: &item) else { return false }
            if let secret = properties.secret { addSecret(secret, packet, &item) }
            item.name = properties.clientID
            reason = properties.reason ?? MQTTReason.name(code)
            if let seconds = properties.keepAlive {
                keepAlive = seconds
                expectClient(&log)
            }
        }
        item.summary = code == 0 ? "CONNACK accepted" : "CONNACK \(code) \(reason)"
        if code != 0 { log.mark(&item, failedWith: String(code), reason) }
        return scanner.isAtEnd
    }

    /// The server ends the connection after one and a half times the keep-alive. §3.1.2.10.
    private func expectClient(_ log: inout ConversationLog) {
        log.expect(
            from: .client, within: Int64(keepAlive) * 1_500_000_000,
            "one and a half times the keep-alive of \(keepAlive) s")
    }

    // MARK: PUBLISH

    private mutating func publish(
        _ scanner: inout ByteScanner, _ packet: MQTTStream.Packet, _ item: inout ApplicationItem,
        _ log: inout ConversationLog
    ) -> Bool {
        let qos = packet.first >> 1 & 3
        let isDuplicate = packet.first & 0x08 != 0
        guard let topic = scanner.prefixed16() else { return false }
        item.name = String(decoding: topic, as: UTF8.self)
        if qos > 0 {
            guard let id = scanner.number(UInt16.self) else { return false }
            item.id = String(id)
        }
        if version == 5 {
            guard let properties = MQTTProperties(&scanner, shownIn: &item) else { return false }
            if let alias = properties.topicAlias { item.name = topicName(item.name ?? "", alias, log.message.sender) }
        }
        // The body may have been kept in part; and what belongs to it depends on the version.
        let length = isVersionUnknown ? nil : packet.length - (scanner.index - packet.body.startIndex)
        let flags = [isDuplicate ? "DUP" : nil, packet.first & 1 != 0 ? "retained" : nil]
        let words = ["PUBLISH", "QoS\(qos)", item.id.map { "id \($0)" }, item.name.map { Excerpt.text($0) }]
        item.summary = Excerpt.line(words + flags + [length.map { Excerpt.size($0) }])
        guard let id = item.id else { return true }
        if !isDuplicate, !log.isOpen(.publish, id: id), isInUse(id, log) { log.addDuplicate(item, id: id) }
        log.ask(item, .publish, id: id, isRepeat: isDuplicate)
        return true
    }

    private mutating func topicName(_ topic: String, _ alias: UInt16, _ sender: Sender) -> String {
        if topic.isEmpty { return (sender == .client ? clientAliases : serverAliases)[alias] ?? "alias \(alias)" }
        if sender == .client {
            if clientAliases.count < MQTTAnnotator.mostAliases { clientAliases[alias] = topic }
        } else if serverAliases.count < MQTTAnnotator.mostAliases {
            serverAliases[alias] = topic
        }
        return topic
    }

    /// Whether the sender has not finished another exchange of this id. §2.3.1 (3.1.1), §2.2.1 (5).
    func isInUse(_ id: String, _ log: ConversationLog) -> Bool {
        log.isOpen(.publish, id: id) || log.isOpen(.subscribe, id: id) || log.isOpen(.release, id: id)
    }

    private func acknowledge(
        _ type: Int, _ scanner: inout ByteScanner, _ item: inout ApplicationItem, _ log: inout ConversationLog
    ) -> Bool {
        guard let number = scanner.number(UInt16.self) else { return false }
        let id = String(number)
        item.id = id
        var code: UInt8 = 0
        var text: String?
        if let reason = scanner.byte() {
            code = reason
            if !scanner.isAtEnd {
                guard let properties = MQTTProperties(&scanner, shownIn: &item) else { return false }
                text = properties.reason
            }
        }
        item.name = log.answer(&item, [.publish, .publish, .received, .release][type - 4], id: id)?.name
        let isFailure = code >= 0x80
        let shown = code == 0 ? nil : "\(code) \(text ?? MQTTReason.name(code))"
        item.summary = Excerpt.line([item.kind, "id \(id)", item.name.map { Excerpt.text($0) }, shown])
        // A failure ends the exchange; else each step asks for the next one.
        if type == 5, !isFailure { log.ask(item, .received, id: id, isRepeat: true) }
        if type == 6 { log.ask(item, .release, id: id, isRepeat: true) }
        if isFailure { log.mark(&item, failedWith: String(code), text ?? MQTTReason.name(code)) }
        return scanner.isAtEnd
    }
}
