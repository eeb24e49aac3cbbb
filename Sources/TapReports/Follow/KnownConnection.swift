import TapAnalysis
import TapBytes
import TapPackets

/// What one needs to know of a connection to choose it.
struct KnownConnection {
    let number: Int
    let client: Endpoint
    let server: Endpoint
    let verdict: Verdict
    let resource: String?
    var messages: UInt64 = 0

    init(_ handshake: Handshake) {
        number = handshake.connection
        client = handshake.client
        server = handshake.server
        verdict = handshake.verdict
        resource = handshake.resource.map { String($0.prefix(200)) }
    }

    /// `#3    ✓ valid         127.0.0.1:51234 → 127.0.0.1:8080  localhost:8080/chat  18 messages`
    var line: String {
        let state = "\(verdict.mark.sign) \(verdict.rawValue)"
        let start = KnownConnection.pad("#\(number)", to: 6) + KnownConnection.pad(state, to: 16)
        let parts = ["\(client) → \(server)"] + (resource.map { [$0] } ?? [])
        return start + (parts + [Decimal.counted(messages, "message")]).joined(separator: "  ")
    }

    private static func pad(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
