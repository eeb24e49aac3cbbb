import TapAnalysis
import TapWebSocket

extension FilterSubject {
    /// `nil` where the field is about something else.
    func values(ofMessage field: FilterField) -> [FilterValue]? {
        // A frame knows its number even where the message is not known.
        if field == .message { return [message?.number ?? frame?.message].compactMap { $0.map(FilterValue.number) } }
        guard let message else { return nil }
        switch field {
        case .messageText:
            return message.kind == .text && message.compression != .notInflated ? [.text(messagePayload)] : []
        case .messagePayload: return message.compression == .notInflated ? [] : [.bytes(messagePayload)]
        case .messageLength: return [.number(message.length)]
        case .messageWireLength: return [.number(message.wireLength)]
        case .messageFrames: return [.number(message.frames)]
        case .messageCompressed: return [.boolean(message.compression != .none)]
        case .messageOpcode: return [.number(Int(message.kind.rawValue))]
        default: return nil
        }
    }

    /// `nil` where the field is about something else.
    func values(ofClose field: FilterField) -> [FilterValue]? {
        guard case .connection(let connection) = record else { return nil }
        let close = connection.close
        switch field {
        case .duration: return connection.duration.map { [.seconds($0)] } ?? []
        case .closeInitiator: return names(close.initiator?.rawValue, of: field)
        case .closeInitiatedBy: return names(close.sign?.rawValue, of: field)
        case .closeCode: return close.body?.code.map { [.number(Int($0.rawValue))] } ?? []
        case .closeClean: return close.isClean || close.isUnclean ? [.boolean(close.isClean)] : []
        case .closeOutcome: return names(close.outcome?.rawValue, of: field)
        case .closeEndedBy: return names(close.endedBy.rawValue, of: field)
        case .http2ResetError: return close.resetCode.map { [.number(Int($0.rawValue))] } ?? []
        case .tcpRoundTrip: return connection.roundTrip.map { [.seconds($0)] } ?? []
        case .tcpRetransmission:
            return [connection.fromClient, connection.fromServer].map(\.retransmittedSegments).filter { $0 > 0 }
                .map(FilterValue.number)
        case .tcpZeroWindow:
            return [connection.fromClient, connection.fromServer].map(\.zeroWindowTime).filter { $0 > 0 }
                .map(FilterValue.seconds)
        case .closeIdle: return close.idleTime.map { [.seconds($0)] } ?? []
        default: return nil
        }
    }
}
