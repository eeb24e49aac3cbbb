import TapAnalysis

extension JSONWriter {
    mutating func write(_ message: Message, _ payload: ShownPayload?, of observations: Observations) {
        beginObject()
        member("type", "message")
        member("connection", message.connection)
        member("connection_id", message.connectionID)
        member("number", message.number)
        member("sender", message.sender.rawValue)
        member("first_time", message.firstTime)
        member("time", message.time)
        member("first_packet", message.firstPacket.rawValue)
        member("packet", message.packet.rawValue)
        member("first_frame", message.firstFrame)
        member("frames", message.frames)
        member("kind", message.kind.description)
        member("compressed", message.compression != .none)
        if message.compression != .none { member("inflated", message.compression == .inflated) }
        member("wire_length", message.wireLength)
        member("length", message.length)
        if !message.isWhole { member("incomplete", true) }
        if let notes = message.application { write(notes, isQuoting: payload != nil) }
        if let payload, message.compression != .notInflated { write(payload, of: observations) }
        endObject()
    }
}
