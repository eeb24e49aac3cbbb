import TapCore
import TapHTTP

/// The fields of a head, as far as they tell whether a proxy changed them: what they say is kept as a number.
struct HeadFields: Sendable, Codable {
    struct Field: Sendable, Codable {
        /// In small letters.
        let key: String
        /// As it was sent first.
        let name: String
        /// What all of that name say, in their order.
        private(set) var values = Fingerprint()

        fileprivate init(key: String, name: String) { (self.key, self.name) = (key, name) }

        fileprivate mutating func add(_ value: String) {
            for byte in value.utf8 { values.add(byte) }
            // No text of UTF-8 has it.
            values.add(0xFF)
        }
    }

    /// Each name once, in the order in which it was sent first.
    private(set) var fields: [Field] = []

    /// Answers `nil` where the head was not captured as a whole.
    init?(_ head: HTTPHead?) {
        guard let head, head.isWhole, head.droppedBytes == 0 else { return nil }
        var places: [String: Int] = [:]
        for field in head.fields.all {
            let key = field.name.lowercased()
            let place = places[key] ?? fields.count
            if place == fields.count {
                places[key] = place
                fields.append(Field(key: key, name: String(field.name.prefix(HeadChanges.nameLimit))))
            }
            // Tokens, of which the case says nothing. RFC 9110 §7.6.1 and §7.8.
            let isToken = key == "connection" || key == "upgrade"
            fields[place].add(isToken ? field.value.lowercased() : field.value)
        }
    }

    /// By their keys.
    var byKey: [String: Field] { Dictionary(fields.map { ($0.key, $0) }) { first, _ in first } }
}

/// The heads of a handshake: as they are, since of most nothing is ever asked, or what a part of a capture says of them.
enum SentHeads: Sendable, Codable {
    case whole(HTTPHead?, HTTPHead?)
    case fields(HeadFields?, HeadFields?)

    var fields: (request: HeadFields?, response: HeadFields?) {
        switch self {
        case .whole(let request, let response): (HeadFields(request), HeadFields(response))
        case .fields(let request, let response): (request, response)
        }
    }

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self = .fields(try container.decode(HeadFields?.self), try container.decode(HeadFields?.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(fields.request)
        try container.encode(fields.response)
    }
}
