import TapAnalysis
import TapSubprotocols

extension JSONWriter {
    /// What a message says in its protocol, an element for each unit.
    /// - Parameter isQuoting: whether anything is written that stands in the message.
    mutating func write(_ notes: ApplicationNotes, isQuoting: Bool) {
        beginArray("application")
        for item in notes.items { write(item, isQuoting: isQuoting) }
        endArray()
    }

    mutating func write(_ item: ApplicationItem, isQuoting: Bool) {
        beginObject()
        member("protocol", item.protocol.rawValue)
        member("kind", item.kind)
        if isQuoting {
            member("name", item.name)
            member("id", item.id)
        }
        if let error = item.error {
            member("error", true)
            if isQuoting {
                member("error_code", error.code)
                member("error_text", error.text)
            }
        }
        if let answer = item.answer {
            member("reply_to", answer.message)
            if let latency = answer.latency { member("latency_seconds", seconds: latency) }
        }
        if isQuoting {
            if item.isHeartbeat { member("heartbeat", true) }
            if let fault = item.malformed { member("malformed", "\(fault.reason), at byte \(fault.offset)") }
            if !item.summary.isEmpty { member("summary", item.summary) }
            writeFields(of: item)
        }
        endObject()
    }

    /// What else is worth showing; of fields with one name the first.
    private mutating func writeFields(of item: ApplicationItem) {
        guard !item.fields.isEmpty else { return }
        var names: Set<String> = []
        beginObject("fields")
        for field in item.fields where names.insert(field.name).inserted {
            key(field.name)
            string(field.value)
        }
        endObject()
    }

    /// What the messages of a connection were read as.
    mutating func write(_ application: ConnectionApplication) {
        beginObject("application")
        member("protocol", application.recognition?.protocol.rawValue)
        member("recognized_by", application.recognition?.reason)
        member("pending", application.pending)
        member("unanswered", application.unanswered)
        endObject()
    }
}

extension Recognition {
    /// `the subprotocol mqtt`
    var reason: String {
        switch evidence {
        case .subprotocol(let name): "the subprotocol \(name)"
        case .path(let path): "the path \(path)"
        case .message(let number, let reason): "message \(number): \(reason)"
        case .choice: "--decode-as"
        }
    }
}
