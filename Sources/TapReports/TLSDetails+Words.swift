import TapAnalysis
import TapSecurity

extension TLSDetails {
    /// `TLS 1.3 TLS_AES_128_GCM_SHA256`
    var agreed: String { [version ?? "TLS", cipher].compactMap(\.self).joined(separator: " ") }

    /// All that is known of it, in words.
    var words: [String] {
        [
            agreed, serverName.map { "server name \($0)" }, applicationProtocol.map { "protocol \($0)" },
            keys.map(\.words),
        ].compactMap(\.self)
    }
}

extension TLSFacts.Keys {
    fileprivate var words: String {
        switch self {
        case .keyLog: "keys from a key log"
        case .capture: "keys from the capture"
        case .search: "its handshake was not captured, the keys were found by trying those of a key log"
        case .rsaKey: "keys by the server's RSA key"
        }
    }
}
