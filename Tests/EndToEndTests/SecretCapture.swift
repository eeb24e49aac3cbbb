import TapCore
import TapTestSupport
import TapWebSocket

/// A conversation that is full of secrets, at every place where there may be some.
enum SecretCapture {
    /// A JSON Web Token whose last part can be told from others.
    private static func token(_ name: String) -> String { "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.\(name)" }

    /// The words that must not be found in anything that is written with `--redact`.
    static let secrets = [
        "basic5ecret", "cookie5ecret", "setcookie5ecret", "query5ecret", "signature5ecret", "protocol5ecret",
        "chosen5ecret", "bearer5ecret", "announced5ecret", "referer5ecret", "user5ecret", "header5ecret", "text5ecret",
        "member5ecret", "binary5ecret", "fragment5ecret", "deflate5ecret", "ping5ecret", "close5ecret",
    ]

    /// What must still be there.
    static let harmless = ["room=7", "theme=", "hello there", "Basic", "chat.v1"]

    private static let compressedText = String(repeating: "password=deflate5ecret ", count: 3)

    static func bytes() -> [UInt8] {
        let extensions = "permessage-deflate"
        var handshake = HandshakeBytes(
            target: "/chat?room=7&access_token=query5ecret&sig=signature5ecret",
            protocols:
                "chat.v1, \(token("protocol5ecret")), base64url.bearer.k8s.io.bearer5ecret, access_token, announced5ecret",
            chosenProtocol: token("chosen5ecret"), extensions: extensions, chosenExtensions: extensions)
        handshake.request.add("Authorization", "Basic basic5ecret")
        handshake.request.add("Cookie", "theme=cookie5ecret; other=1")
        handshake.request.add("Referer", "https://me:user5ecret@example.org/?token=referer5ecret")
        handshake.request.add("X-Api-Key", "header5ecret")
        handshake.response.add("Set-Cookie", "theme=setcookie5ecret; Path=/; HttpOnly")
        var conversation = Conversation.upgraded(handshake)
        conversation.send(text: "hello there \(token("text5ecret"))", from: .client)
        conversation.send(text: #"{"type":"login","password":"member5ecret"}"#, from: .client)
        conversation.send(FrameBytes(.binary, [0, 0xFF] + Array(token("binary5ecret").utf8)), from: .server)
        conversation.send(FrameBytes(text: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.frag").unfinished, from: .server)
        conversation.send(FrameBytes(.continuation, Array("ment5ecret and more".utf8)), from: .server)
        let deflater = Deflater()
        let compressed = deflater.message(compressedText)
        conversation.send(FrameBytes(.text, compressed).compressed, from: .server)
        conversation.send(FrameBytes(.ping, Array("token=ping5ecret".utf8)), from: .client)
        conversation.close(by: .server, 1_000, "token=close5ecret")
        return CaptureBuilder.pcapng(conversation.segments.packets()).bytes
    }

    /// The compressed payload, which anybody could inflate.
    static func compressed() -> [UInt8] {
        Deflater().message(compressedText)
    }
}
