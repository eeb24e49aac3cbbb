import TapAnalysis
import TapCore
import TapWebSocket

extension JSONWriter {
    /// The whole comparison as one object.
    mutating func write(_ comparison: CaptureComparison, isQuoting: Bool) {
        beginObject()
        member("type", "comparison")
        member("alike", comparison.isAlike)
        write(comparison.first, "first")
        write(comparison.second, "second")
        if !comparison.isOneCapture { write(comparison.clock) }
        beginArray("connections")
        for connection in comparison.connections { write(connection, isQuoting: isQuoting) }
        endArray()
        write(comparison.onlyInFirst, "only_in_first")
        write(comparison.onlyInSecond, "only_in_second")
        endObject()
    }

    private mutating func write(_ capture: ComparedCapture, _ name: StaticString) {
        beginObject(name)
        member("name", capture.name)
        if capture.isCut { member("cut", true) }
        endObject()
    }

    private mutating func write(_ clock: Result<ClockOffset, ClockOffset.Unknown>) {
        beginObject("clock")
        switch clock {
        case .failure(let reason): member("unknown", reason.rawValue)
        case .success(let clock):
            member("offset_seconds", seconds: clock.nanoseconds)
            member("uncertainty_seconds", seconds: clock.uncertainty)
            member("nearer_to_clients", clock.nearClient.rawValue)
        }
        endObject()
    }

    private mutating func write(_ connection: ConnectionComparison, isQuoting: Bool) {
        beginObject()
        write(connection.first, "first")
        write(connection.second, "second")
        member("by", connection.evidence.rawValue)
        member("alike", connection.isAlike)
        if !connection.isExact { member("approximate", true) }
        if let differ = connection.endsDiffer { member("ends_differ", differ) }
        beginObject("delay_seconds")
        member("from_client", connection.clientDelays)
        member("from_server", connection.serverDelays)
        endObject()
        beginObject("changes")
        for change in ComparedPair.Change.allCases {
            let number = connection.pairs.count { $0.changes.contains(change) }
            if number > 0 { count(change.rawValue, UInt64(clamping: number)) }
        }
        endObject()
        beginArray("messages")
        for pair in connection.pairs { write(pair, isQuoting: isQuoting) }
        endArray()
        endObject()
    }

    private mutating func write(_ connection: ComparedConnection, _ name: StaticString) {
        beginObject(name)
        writeMembers(connection)
        endObject()
    }

    private mutating func writeMembers(_ connection: ComparedConnection) {
        member("connection", connection.number)
        member("connection_id", connection.id)
        member("client", connection.client)
        member("server", connection.server)
        member("messages_from_client", connection.fromClient.messages.count)
        member("messages_from_server", connection.fromServer.messages.count)
        if let close = connection.close {
            member("outcome", close.outcome?.rawValue)
            member("close_code", close.body?.code?.rawValue)
        }
    }

    private mutating func write(_ connections: [ComparedConnection], _ name: StaticString) {
        guard !connections.isEmpty else { return }
        beginArray(name)
        for connection in connections {
            beginObject()
            writeMembers(connection)
            endObject()
        }
        endArray()
    }

    private mutating func write(_ pair: ComparedPair, isQuoting: Bool) {
        beginObject()
        member("sender", pair.sender.rawValue)
        if let first = pair.first { write(first, "first") }
        if let second = pair.second { write(second, "second") }
        if let message = pair.message {
            member("kind", message.kind.description)
            member("length", message.length)
            if isQuoting { member("excerpt", message.excerptText) }
        }
        if let delay = pair.delay { member("delay_seconds", seconds: delay) }
        if !pair.changes.isEmpty { member("changes", pair.changes.map(\.rawValue)) }
        endObject()
    }

    private mutating func write(_ message: ComparedMessage, _ name: StaticString) {
        beginObject(name)
        member("message", message.number)
        member("time", message.time)
        member("packet", message.packet.rawValue)
        member("frames", message.form.frames)
        member("wire_length", message.form.wireLength)
        if message.form.isCompressed { member("compressed", true) }
        endObject()
    }
}
