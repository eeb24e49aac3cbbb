import TapHTTP
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Refusals")
struct RefusalTests {
    private func head(_ text: String) throws -> HTTPHead {
        var stream = HTTPStream(isStartKnown: true, headLimit: 1 << 16)
        let bytes = Array((text.replacing("\n", with: "\r\n") + "\r\n\r\n").utf8)
        var offset = 0
        guard case .head(let parsed) = stream.read(bytes.span.bytes, from: &offset, in: .numbered(1)) else {
            throw NoHead(text: text)
        }
        return parsed
    }

    struct NoHead: Error { let text: String }

    @Test(
        "a refusal is told with its status, what that may mean, and what the response says of it",
        arguments: [
            ("200 OK", "does not speak WebSocket", []),
            ("301 Moved\nLocation: /new", "redirects to /new", ["location"]),
            ("302 Found", "redirects", []), ("400 Bad Request", "malformed", []),
            ("401 Unauthorized\nWWW-Authenticate: Basic", "authenticate", ["authenticate"]),
            ("403 Forbidden\nServer: nginx", "Origin", ["server"]), ("404 Not Found", "nothing at this path", []),
            ("426 Upgrade Required\nSec-WebSocket-Version: 13, 8", "version 13, 8", ["versions"]),
            ("426 Upgrade Required", "another version", []),
            ("429 Slow down\nRetry-After: 9", "too many", ["retry_after"]),
            ("503 Busy", "overloaded", []), ("599 What", "no WebSocket", []),
        ] as [(String, String, [String])])
    func told(response: String, advice: String, evidence: [String]) throws {
        let violation = HandshakeCheck.violation(inRefusal: try head("HTTP/1.1 " + response))
        #expect(violation.id == .handshakeRefused && violation.sender == .server)
        #expect(violation.detail.contains(advice), "\(violation.detail)")
        #expect(violation.detail.contains(String(response.prefix(3))))
        #expect(violation.evidence.map(\.name) == ["status"] + evidence)
    }

    @Test("no response is no refusal")
    func none() {
        let violation = HandshakeCheck.violation(inRefusal: nil)
        #expect(violation.id == .handshakeUnanswered && violation.sender == nil)
    }

    @Test("each status has its advice", arguments: 200...599)
    func everyStatus(status: Int) throws {
        let violation = HandshakeCheck.violation(inRefusal: try head("HTTP/1.1 \(status) "))
        #expect(violation.detail.count > 30 && violation.evidence == [Evidence("status", .number(UInt64(status)))])
    }

    @Test(
        "extensions say which bits may be set, and whether messages are compressed",
        arguments: [
            ("", 0, false, false), ("permessage-deflate", 4, true, false), ("x-webkit-deflate-frame", 4, false, false),
            ("x-a", 7, false, true), ("permessage-deflate, x-a", 7, true, true), ("a b", 7, false, true),
            ("permessage-deflate; client_max_window_bits=9", 4, true, false),
        ] as [(String, UInt8, Bool, Bool)])
    func agreed(text: String, bits: UInt8, isCompressed: Bool, hasUnknown: Bool) throws {
        let field = text.isEmpty ? "" : "\nSec-WebSocket-Extensions: \(text)"
        let agreed = AgreedExtensions(try head("HTTP/1.1 101 Switching Protocols" + field))
        #expect(agreed.reservedBits == bits && agreed.hasUnknown == hasUnknown)
        #expect(agreed.isCompressed == isCompressed && agreed.compressesMessages == isCompressed)
        #expect(AgreedExtensions.unknown.compressesMessages && !AgreedExtensions.unknown.hasUnknown)
    }
}
