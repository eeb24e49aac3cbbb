import TapAnalysis
import TapReports
import TapSubprotocols
import TapWebSocket

extension SQLiteFile {
    func add(_ connection: Connection) throws(SQLiteError) {
        let close = connection.close
        let (client, server) = (connection.fromClient, connection.fromServer)
        let trips = connection.clientPings.roundTrips.joined(with: connection.serverPings.roundTrips)
        try add(
            "connections",
            [
                connection.number, connection.client.address.description, Int(connection.client.port),
                connection.server.address.description, Int(connection.server.port),
                RecordText.time(connection.opened), RecordText.time(connection.closed),
                connection.duration.map(SQLiteFile.seconds),
                close.initiator?.rawValue, close.sign?.rawValue, close.body?.code.map { Int($0.rawValue) },
                SQLiteFile.reason(of: close.body), close.isClean, close.idleTime.map(SQLiteFile.seconds),
                close.endedBy.rawValue, close.endedBySender?.rawValue,
                Int64(clamping: client.frames), Int64(clamping: client.messages), Int64(clamping: client.payloadBytes),
                Int64(clamping: client.missingBytes),
                Int64(clamping: server.frames), Int64(clamping: server.messages), Int64(clamping: server.payloadBytes),
                Int64(clamping: server.missingBytes),
                Int64(clamping: connection.clientPings.sent + connection.serverPings.sent),
                Int64(clamping: connection.clientPings.answered + connection.serverPings.answered),
                trips.percentile(0.5).map(SQLiteFile.seconds),
                close.outcome?.rawValue, connection.id.description,
                connection.stream?.transport.rawValue, connection.stream.map { Int64($0.number) },
                close.resetCode?.description,
                connection.pair?.connection, connection.pair?.evidence.rawValue, connection.pair?.leg.rawValue,
                connection.pair?.delay.map(SQLiteFile.seconds), connection.roundTrip.map(SQLiteFile.seconds),
            ] + [client, server].flatMap { SQLiteFile.trouble(of: $0) })
    }

    /// Of data frames the payload stands in their message.
    func add(_ frame: Frame, _ payload: ArraySlice<UInt8>) throws(SQLiteError) {
        let header = frame.header
        try add(
            "frames",
            [
                frame.connection, frame.number, frame.message, RecordText.time(frame.time), frame.time.nanoseconds,
                Int64(clamping: frame.packet.rawValue), frame.sender.rawValue,
                header.isFinal, header.reservedBits & 4 != 0, header.reservedBits & 2 != 0,
                header.reservedBits & 1 != 0,
                Int(header.opcode.rawValue), header.opcode.description, header.isMasked,
                header.isMasked ? RecordText.maskingKey(header.maskingKey) : nil,
                Int64(clamping: header.payloadLength), !frame.isWhole,
                frame.close?.code.map { Int($0.rawValue) }, SQLiteFile.reason(of: frame.close),
                header.opcode.isControl ? SQLiteFile.value(of: payload) : nil,
            ])
    }

    func add(_ message: Message, _ payload: ArraySlice<UInt8>) throws(SQLiteError) {
        let isCompressed = message.compression != .none
        try add(
            "messages",
            [
                message.connection, message.number, RecordText.time(message.time), message.time.nanoseconds,
                RecordText.time(message.firstTime), Int64(clamping: message.packet.rawValue),
                Int64(clamping: message.firstPacket.rawValue), message.sender.rawValue, message.kind.description,
                message.firstFrame, message.frames,
                isCompressed, isCompressed ? message.compression == .inflated : nil,
                Int64(clamping: message.wireLength), Int64(clamping: message.length), !message.isWhole,
                UInt64(payload.count) < message.length,
                message.compression == .notInflated ? nil : SQLiteFile.value(of: payload),
            ])
    }

    /// What a message says in its protocol, a row for each unit.
    func add(_ item: ApplicationItem, at position: Int, of message: Message) throws(SQLiteError) {
        try add(
            "application_items",
            [
                message.connection, message.number, position, RecordText.time(message.time), message.time.nanoseconds,
                message.sender.rawValue, item.protocol.rawValue, item.kind, item.name, item.id,
                item.error != nil, item.error?.code, item.error?.text, item.answer?.message,
                item.answer?.latency.map(SQLiteFile.seconds), item.isHeartbeat,
                item.malformed.map { "\($0.reason), at byte \($0.offset)" }, item.summary,
            ])
    }

    func add(_ finding: Finding) throws(SQLiteError) {
        let violation = finding.violation
        try add(
            "findings",
            [
                nil, finding.connection, finding.frame, RecordText.time(finding.time), finding.time.nanoseconds,
                Int64(clamping: finding.packet.rawValue), finding.sender?.rawValue,
                violation.id.rawValue, violation.severity.rawValue, violation.id.reference, violation.detail,
                RecordText.json(violation.evidence),
            ])
    }

    /// What TCP had to do for a side, null where it had nothing to do.
    private static func trouble(of side: DirectionStatistics) -> [(any SQLiteValue)?] {
        [
            side.retransmittedSegments > 0 ? Int64(clamping: side.retransmittedSegments) : nil,
            side.zeroWindowTime > 0 ? seconds(side.zeroWindowTime) : nil,
        ]
    }

    /// Text where it is UTF-8, bytes where it is not. A text with a zero in it would seem to end there.
    static func value(of payload: ArraySlice<UInt8>) -> (any SQLiteValue)? {
        if !payload.contains(0), let text = String(validating: payload, as: UTF8.self) { return text }
        return payload
    }

    /// Without a code there is no reason either. RFC 6455 §5.5.1.
    private static func reason(of body: CloseBody?) -> String? { body?.code == nil ? nil : body?.reason }

    static func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1_000_000_000 }
}
