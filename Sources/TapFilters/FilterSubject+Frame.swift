import TapAnalysis
import TapWebSocket

extension FilterSubject {
    /// `nil` where the field is about something else.
    func values(ofFrame field: FilterField) -> [FilterValue]? {
        if field == .webSocket { return frame != nil || message != nil ? [.boolean(true)] : nil }
        guard let frame else { return field == .opcode ? message.map { [.number(Int($0.kind.rawValue))] } : nil }
        let header = frame.header
        switch field {
        case .number: return [.number(frame.number)]
        case .fin: return [.boolean(header.isFinal)]
        case .rsv: return [.number(Int(header.reservedBits))]
        case .rsv1: return [.boolean(header.reservedBits & 4 != 0)]
        case .rsv2: return [.boolean(header.reservedBits & 2 != 0)]
        case .rsv3: return [.boolean(header.reservedBits & 1 != 0)]
        case .opcode: return [.number(Int(header.opcode.rawValue))]
        case .mask: return [.boolean(header.isMasked)]
        case .maskingKey: return header.isMasked ? [.bytes(FilterSubject.bytes(of: header.maskingKey)[...])] : []
        case .payloadLength: return [.number(header.payloadLength)]
        case .payload: return [.bytes(framePayload)]
        case .payloadText:
            return header.opcode == .text ? [.text(frame.inflated.isEmpty ? framePayload : frameInflated)] : []
        case .payloadContinuation: return header.opcode == .continuation ? [.bytes(framePayload)] : []
        case .payloadPing: return header.opcode == .ping ? [.bytes(framePayload)] : []
        case .payloadPong: return header.opcode == .pong ? [.bytes(framePayload)] : []
        case .closeStatusCode: return frame.close?.code.map { [.number(Int($0.rawValue))] } ?? []
        case .closeReason: return frame.close.map { $0.reason.isEmpty ? [] : [.text($0.reason)] } ?? []
        default: return nil
        }
    }

    private static func bytes(of key: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: key >> $0) }
    }
}
