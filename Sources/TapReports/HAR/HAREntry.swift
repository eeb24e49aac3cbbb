import TapAnalysis
import TapCore
import TapWebSocket

/// One entry of an archive while its connection is open: the handshake, and the messages so far.
struct HAREntry {
    let handshake: Handshake
    var end: Connection?
    /// The messages as JSON, with commas between them.
    private(set) var messages: [UInt8] = []
    private(set) var leftOut: UInt64 = 0
    private(set) var findings: [FindingID]

    /// Findings of one entry that it names; the first ones are enough.
    private static let findingLimit = 100

    init(_ handshake: Handshake) {
        self.handshake = handshake
        findings = handshake.violations.map(\.id)
    }

    var heldBytes: Int { messages.count }

    mutating func note(_ finding: Finding) {
        // Those of the handshake stand in it, too.
        guard !findings.contains(finding.violation.id), findings.count < HAREntry.findingLimit else { return }
        findings.append(finding.violation.id)
    }

    /// Adds a message where it fits into `room` bytes, and answers how many bytes more are held.
    mutating func add(
        _ message: Message, _ payload: ShownPayload?, of observations: Observations, room: Int
    ) -> Int {
        let before = messages.count
        JSONWriter.append(to: &messages) { writer in
            if before > 0 { writer.raw(",\n") }
            writer.write(har: message, payload, of: observations)
        }
        let added = messages.count - before
        guard added <= room else {
            messages.removeLast(added)
            leftOut += 1
            return 0
        }
        return added
    }

    /// What was left out, in words; `nil` where that is nothing.
    var comment: String? {
        leftOut == 0 ? nil : "\(Decimal.counted(leftOut, "message")) left out: too much was to be held"
    }
}

extension JSONWriter {
    /// A message as Chrome writes it: text as text, all else in base64, and the time in seconds since 1970.
    fileprivate mutating func write(har message: Message, _ payload: ShownPayload?, of observations: Observations) {
        beginObject()
        member("type", message.sender == .client ? "send" : "receive")
        member("time", seconds: message.time.nanoseconds)
        member("opcode", message.kind.rawValue)
        let bytes = payload?.bytes(of: observations) ?? []
        if message.kind == .text {
            member("data", String(decoding: bytes, as: UTF8.self))
        } else {
            let span = bytes.span
            member("data", base64: span.bytes)
        }
        if let notes = message.application {
            beginArray("_application")
            for item in notes.items { write(item, isQuoting: payload != nil) }
            endArray()
        }
        let isWhole = message.isWhole && !(payload?.isTruncated ?? true)
        switch message.compression {
        case .none, .inflated: if !isWhole { member("_incomplete", true) }
        case .notInflated, .inflatedInPart: member("_incomplete", true)
        }
        endObject()
    }
}
