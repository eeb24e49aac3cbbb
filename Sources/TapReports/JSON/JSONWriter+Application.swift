import TapAnalysis
import TapCore
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
        if isQuoting, item.isWrittenAtOnce {
            separate()
            return write(atMost: item.room) { JSONWriter.append(item, to: &$0) }
        }
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

    /// The only unit of a message, which is ordinary, written at once.
    static func append(_ notes: ApplicationNotes, to output: inout ByteCursor) {
        output.append(#","application":["#)
        append(notes.first, to: &output)
        output.append("]")
    }

    /// Writes an ordinary unit at once, for which there is ``ApplicationItem/room``.
    private static func append(_ item: ApplicationItem, to output: inout ByteCursor) {
        output.append(#"{"protocol":""#)
        append(item.protocol.rawValue, to: &output)
        output.append(#"","kind":""#)
        append(item.kind, to: &output)
        if let name = item.name {
            output.append(#"","name":""#)
            append(name, to: &output)
        }
        if let id = item.id {
            output.append(#"","id":""#)
            append(id, to: &output)
        }
        output.append("\"")
        if let answer = item.answer {
            output.append(#","reply_to":"#)
            output.append(decimal: UInt64(clamping: answer.message))
            if let latency = answer.latency {
                output.append(#","latency_seconds":"#)
                TimeText.appendSeconds(latency, to: &output)
            }
        }
        if item.isHeartbeat { output.append(#","heartbeat":true"#) }
        if !item.line.isEmpty {
            output.append(#","summary":""#)
            let length = item.uncutLength
            JSONText.append(item.line.span.bytes.extracting(..<length), to: &output)
            output.append(length < item.line.count ? "…\"" : "\"")
        }
        output.append("}")
    }

    private static func append(_ text: String, to output: inout ByteCursor) {
        let content = text.utf8
        JSONText.append(content.span.bytes, to: &output)
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
        beginObject("application_protocol")
        member("protocol", application.recognition?.protocol.rawValue)
        member("recognized_by", application.recognition?.reason)
        member("pending", application.pending)
        member("unanswered", application.unanswered)
        endObject()
    }
}

extension ApplicationItem {
    /// Whether it is ordinary, and short enough to reserve the room for it at once.
    fileprivate var isWrittenAtOnce: Bool {
        isOrdinary && line.count <= 1_024
            && UTF8Text.validLength(of: line.span.extracting(..<uncutLength), isCut: false) != nil
    }

    /// The length of the line without the dots that say that it is cut: without them it mostly is ASCII.
    fileprivate var uncutLength: Int {
        let length = line.count
        let isCut = length >= 3 && line[length - 3] == 0xE2 && line[length - 2] == 0x80 && line[length - 1] == 0xA6
        return isCut ? length - 3 : length
    }

    /// More than an ordinary one takes in a record.
    fileprivate var room: Int {
        let texts = kind.utf8.count + (name?.utf8.count ?? 0) + (id?.utf8.count ?? 0) + line.count
        return 320 + JSONText.room(for: texts + 32)
    }
}

extension ApplicationNotes {
    /// How much room the only unit of the message takes in a record, if it is ordinary.
    var roomOfOrdinaryItem: Int? { others.isEmpty && first.isWrittenAtOnce ? first.room : nil }
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
