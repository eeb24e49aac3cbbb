import TapCore

/// The properties of a packet of MQTT 5, §2.2.2.
struct MQTTProperties {
    private(set) var fields: [ApplicationItem.Field] = []
    private(set) var topicAlias: UInt16?
    private(set) var keepAlive: UInt16?
    private(set) var reason: String?
    private(set) var clientID: String?
    /// Where data for authentication lies.
    private(set) var secret: Range<Int>?

    private enum Form {
        case byte, twoBytes, fourBytes, variable, text, data, pair
    }

    private static let known: [UInt8: (name: String, form: Form)] = [
        0x01: ("payload_format", .byte), 0x02: ("message_expiry", .fourBytes), 0x03: ("content_type", .text),
        0x08: ("response_topic", .text), 0x09: ("correlation_data", .data), 0x0B: ("subscription_id", .variable),
        0x11: ("session_expiry", .fourBytes), 0x12: ("assigned_client_id", .text),
        0x13: ("server_keep_alive", .twoBytes),
        0x15: ("authentication_method", .text), 0x16: ("authentication_data", .data),
        0x17: ("request_problem_information", .byte), 0x18: ("will_delay", .fourBytes),
        0x19: ("request_response_information", .byte), 0x1A: ("response_information", .text),
        0x1C: ("server_reference", .text), 0x1F: ("reason", .text), 0x21: ("receive_maximum", .twoBytes),
        0x22: ("topic_alias_maximum", .twoBytes), 0x23: ("topic_alias", .twoBytes), 0x24: ("maximum_qos", .byte),
        0x25: ("retain_available", .byte), 0x26: ("user_property", .pair), 0x27: ("maximum_packet_size", .fourBytes),
        0x28: ("wildcard_subscription_available", .byte), 0x29: ("subscription_id_available", .byte),
        0x2A: ("shared_subscription_available", .byte),
    ]
    private static let mostFields = 64

    /// Reads the length and the properties; `nil` where they are not whole, or there is one that is unknown.
    init?(_ scanner: inout ByteScanner) {
        guard let length = scanner.variableLength(upTo: 4), let bytes = scanner.take(Int(clamping: length)) else {
            return nil
        }
        var rest = ByteScanner(bytes)
        while let id = rest.byte() {
            guard let (name, form) = MQTTProperties.known[id], let value = read(id, form, &rest) else { return nil }
            if fields.count < MQTTProperties.mostFields, id != 0x16 {
                fields.append(ApplicationItem.Field(name: name, value: value))
            }
        }
    }

    /// Reads the properties and shows them in an item.
    init?(_ scanner: inout ByteScanner, shownIn item: inout ApplicationItem) {
        self.init(&scanner)
        item.fields += fields
    }

    private mutating func read(_ id: UInt8, _ form: Form, _ rest: inout ByteScanner) -> String? {
        switch form {
        case .byte: return rest.byte().map { String($0) }
        case .twoBytes:
            guard let number = rest.number(UInt16.self) else { return nil }
            if id == 0x23 { topicAlias = number }
            if id == 0x13 { keepAlive = number }
            return String(number)
        case .fourBytes: return rest.number(UInt32.self).map { String($0) }
        case .variable: return rest.variableLength(upTo: 4).map { String($0) }
        case .text:
            guard let text = rest.prefixed16() else { return nil }
            let value = Excerpt.text(text, upTo: 1_024)
            if id == 0x1F { reason = value }
            if id == 0x12 { clientID = value }
            return value
        case .data:
            guard let data = rest.prefixed16() else { return nil }
            if id == 0x16 { secret = data.startIndex..<data.endIndex }
            return Hex.string(data.prefix(64))
        case .pair:
            guard let name = rest.prefixed16(), let value = rest.prefixed16() else { return nil }
            return "\(Excerpt.text(name))=\(Excerpt.text(value))"
        }
    }
}
