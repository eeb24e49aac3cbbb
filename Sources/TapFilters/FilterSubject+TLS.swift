import TapAnalysis

extension FilterSubject {
    /// `nil` where the field is about something else.
    func values(ofTLS field: FilterField) -> [FilterValue]? {
        switch field {
        case .tlsVersion: text(tls?.version)
        case .tlsCipher: text(tls?.cipher)
        case .tlsServerName: text(tls?.serverName)
        case .tlsProtocol: text(tls?.applicationProtocol)
        case .tlsRandom: tls?.clientRandom.map { [.bytes($0[...])] } ?? []
        case .tlsKeys: text(tls?.keys?.rawValue)
        case .tlsReason: if case .tls(let unread) = record { text(unread.reason?.rawValue) } else { [] }
        default: nil
        }
    }

    private var tls: TLSDetails? {
        if case .tls(let unread) = record { unread.tls } else { handshake?.tls }
    }

    private func text(_ text: String?) -> [FilterValue] { text.map { [.text($0)] } ?? [] }
}
