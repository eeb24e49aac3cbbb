import TapCore

extension JSONWriter {
    mutating func write(_ comment: CaptureComment) {
        beginObject()
        member("type", "comment")
        member("subject", comment.subjectName)
        if case .packet(let number, let time) = comment.subject {
            member("time", time)
            member("packet", number.rawValue)
        }
        member("text", String(decoding: comment.text, as: UTF8.self))
        endObject()
    }
}
