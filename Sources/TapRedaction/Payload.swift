/// Payloads whose bytes are made unreadable where they lie: every length stays what it was.
enum Payload {
    /// Puts stars in place of secrets; answers whether there were any.
    @discardableResult
    static func hideSecrets(in range: Range<Int>, of bytes: inout [UInt8]) -> Bool {
        let secrets = SecretScan.secrets(in: bytes[range])
        for secret in secrets { blank(secret, of: &bytes) }
        return !secrets.isEmpty
    }

    /// Puts stars in place of everything.
    static func blank(_ range: Range<Int>, of bytes: inout [UInt8]) {
        for place in range { bytes[place] = UInt8(ascii: "*") }
    }
}
