import TapCore

/// The members of a JSON object, or the elements of an array, that are no objects or arrays themselves.
struct JSONOutline {
    private var members: [String: String] = [:]
    private var elements: [String] = []

    /// Values are as they are written: texts in their quotes.
    subscript(name: String) -> String? { members["\"\(name)\""] }

    /// How many members or elements were found.
    var count: Int { max(members.count, elements.count) }

    init(_ text: ArraySlice<UInt8>) {
        var depth = 0
        var name: String?
        for token in JSONToken.all(in: text) {
            switch token.kind {
            case .opening: depth += 1
            case .closing: depth -= 1
            case _ where depth != 1: break
            case .string, .number, .word:
                let value = String(decoding: text[token.range], as: UTF8.self)
                if let name { members[name] = value } else { elements.append(value) }
                name = nil
            case .colon: name = elements.popLast()
            case .comma: name = nil
            case .space, .other: break
            }
        }
    }

    /// The event `heartbeat` on the topic `phoenix`, or the reply; as an object, or since version 2 as an array of the
    /// join's reference, the reference, the topic and the event.
    var isPhoenixHeartbeat: Bool {
        let events = [#""heartbeat""#, #""phx_reply""#]
        if let event = self["event"] { return self["topic"] == #""phoenix""# && events.contains(event) }
        return elements.count == 4 && elements[2] == #""phoenix""# && events.contains(elements[3])
    }
}
