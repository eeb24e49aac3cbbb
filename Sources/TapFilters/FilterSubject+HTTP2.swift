import TapAnalysis

extension FilterSubject {
    /// `nil` where the field is about something else.
    func values(ofHTTP2 field: FilterField) -> [FilterValue]? {
        switch field {
        case .transport: names(handshake?.stream?.transport.rawValue, of: field)
        case .http2Stream: handshake?.stream.map { [.number(Int($0.number))] } ?? []
        case .http2Method: pseudo(":method")
        case .http2Scheme: pseudo(":scheme")
        case .http2Authority: pseudo(":authority")
        case .http2Path: pseudo(":path")
        case .http2Status: handshake?.stream == nil ? [] : handshake?.status.map { [.number($0)] } ?? []
        default: nil
        }
    }

    private func pseudo(_ name: String) -> [FilterValue] {
        guard let handshake, handshake.stream != nil else { return [] }
        return (handshake.request?.fields[name] ?? []).map { .text($0) }
    }
}
