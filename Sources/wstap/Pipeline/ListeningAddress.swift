import ArgumentParser

/// Where a server listens, as users type it: `127.0.0.1:9100`, `[::1]:9100`, or `:9100` for all addresses.
struct ListeningAddress: Equatable {
    /// `nil` stands for all addresses.
    let host: String?
    let port: UInt16

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        self.port = port
        let host = text[..<colon]
        if host.isEmpty {
            self.host = nil
        } else if host.hasPrefix("["), host.hasSuffix("]"), host.count > 2 {
            self.host = String(host.dropFirst().dropLast())
        } else if host.contains(where: { $0 == ":" || $0 == "[" || $0 == "]" }) {
            return nil
        } else {
            self.host = String(host)
        }
    }

    static func parse(_ text: String) throws -> ListeningAddress {
        guard let address = ListeningAddress(text) else {
            throw ValidationError(
                "--metrics is ADDRESS:PORT, as in 127.0.0.1:9100 or [::1]:9100; :9100 is every address")
        }
        return address
    }
}
