import TapAnalysis
import TapCore
import TapHTTP
import TapRedaction
import TapTestSupport
import TapWebSocket
import Testing

/// Secrets in the heads of a handshake, and in what is found about them.
@Suite("Secrets in heads")
struct HeadTests {
    private func redacted(_ change: (inout HandshakeBytes) -> Void) -> Observations {
        var handshake = HandshakeBytes()
        change(&handshake)
        return PlaceTests.redacted(Conversation.upgraded(handshake))
    }

    @Test(
        "fields whose name says so",
        arguments: [
            "Authorization", "Proxy-Authorization", "X-Api-Key", "X-Auth-Token", "X-Vault-Token", "Private-Token",
            "X-Shopify-Access-Token", "Cf-Access-Client-Secret", "X-Custom-Password", "Authentication", "X-CSRF-Token",
            "X-Amz-Security-Token", "Authentication-Info", "Ocp-Apim-Subscription-Key", "x-functions-key",
            "X-Session-Id",
            "OK-ACCESS-SIGN", "X-Bapi-Sign", "Cookie", "X-Auth", "X-Hub-Signature-256", "Cf-Access-Jwt-Assertion",
            "apikey", "X-Goog-Api-Key",
        ])
    func fields(name: String) {
        let shown = redacted { $0.request.add(name, "s3cr3t001q9Zx") }
        #expect(!PlaceTests.holds(shown, "s3cr3t001"))
        #expect(PlaceTests.holds(shown, name))
    }

    @Test(
        "fields of other names",
        arguments: [
            ("Access-Control-Allow-Credentials", "true"), ("WWW-Authenticate", "Basic realm=\"shop\""),
            ("Author", "ann"), ("Public-Key-Pins", "pin"), ("Idempotency-Key", "abc"), ("X-Request-Id", "42"),
            ("User-Agent", "Mozilla/5.0 Chrome/120.0.0.0"), ("X-Monkey", "banana"), ("Accept-Language", "de;q=0.9"),
        ])
    func innocent(name: String, value: String) throws {
        let shown = redacted { $0.request.add(name, value) }
        guard case .handshake(let handshake)? = shown.all.first else {
            Issue.record("no handshake")
            return
        }
        #expect(handshake.request?.fields[name] == [value])
        #expect(handshake.request?.fields["Sec-WebSocket-Key"] == [HandshakeBytes.sampleKey])
        #expect(handshake.isAcceptValid == true)
    }

    @Test("in a field of any name", arguments: SecretKinds.all.filter { $0.isShape && !$0.text.contains("\n") })
    func values(kind: SecretKinds.Kind) {
        #expect(!PlaceTests.holds(redacted { $0.request.add("X-Note", kind.text) }, kind.secret))
        #expect(!PlaceTests.holds(redacted { $0.response.add("Location", kind.text) }, kind.secret))
    }

    @Test("of a user before a host")
    func userOfHost() {
        #expect(!PlaceTests.holds(redacted { $0.request.add("Host", "ann:s3cr3t001@h.example") }, "s3cr3t001"))
    }

    @Test(
        "in queries, as they are and encoded",
        arguments: [
            "token=§", "api%5Fkey=§", "x=1&sig=§", "key=§&room=7", "state=a%26token%3D§", "user[password]=§",
            "redirect=https%3A%2F%2Fh%2F%3Ftoken%3D§", "q=%7B%22password%22%3A%22§%22%7D", "j=eyJhbGciOiJIUzI1NiJ9.§",
            "X-Amz-Credential=§",
        ])
    func queries(query: String) {
        let target = "/chat?" + query.replacing("§", with: "s3cr3t001q9Zx")
        var conversation = Conversation.upgraded(HandshakeBytes(target: target))
        conversation.send(text: "hi", from: .client)
        #expect(PlaceTests.holds(PlaceTests.observations(conversation), "s3cr3t001"))
        let shown = PlaceTests.redacted(conversation)
        #expect(!PlaceTests.holds(shown, "s3cr3t001") && PlaceTests.holds(shown, "/chat?"))
    }

    @Test(
        "among the subprotocols, offered and chosen, with what is found about them",
        arguments: [
            ("realtime, openai-insecure-api-key.s3cr3t001, openai-beta.realtime-v1", nil, "realtime"),
            ("chat, base64url.bearer.authorization.k8s.io.s3cr3t001", nil, "chat"),
            ("access_token, s3cr3t001", nil, nil),
            ("chat, s3cr3t001 with space", nil, "chat"), ("chat, s3cr3t001/x", nil, "chat"),
            ("chat", "s3cr3t001", "chat"), ("chat, token-s3cr3t001", nil, "chat"),
            ("chat, xs3cr3t001abcdefghi", "xs3cr3t001abcdefghi", "chat"), ("chat", "chat, s3cr3t001", "chat"),
        ] as [(String, String?, String?)])
    func protocols(offered: String, chosen: String?, kept: String?) {
        let shown = redacted {
            $0.request.add("Sec-WebSocket-Protocol", offered)
            if let chosen { $0.response.add("Sec-WebSocket-Protocol", chosen) }
        }
        #expect(!PlaceTests.holds(shown, "s3cr3t001"))
        if let kept { #expect(PlaceTests.holds(shown, kept)) }
    }

    @Test(
        "names of subprotocols stay",
        arguments: ["graphql-transport-ws", "v5.channel.k8s.io", "mqtt", "wamp.2.json"])
    func names(name: String) {
        let shown = redacted {
            $0.request.add("Sec-WebSocket-Protocol", "\(name), chat.v2")
            $0.response.add("Sec-WebSocket-Protocol", name)
        }
        #expect(PlaceTests.holds(shown, name) && PlaceTests.holds(shown, "chat.v2"))
    }

    @Test("what quotes a secret of a connection is treated after those of others, too")
    func remembered() {
        var observations = Observations()
        var redaction = Redaction(.secrets)
        let talk = PlaceTests.observations(
            Conversation.upgraded(HandshakeBytes(target: "/chat?token=s3cr3t001q9Zx")))
        for case .handshake(let handshake) in talk.all { observations.append(.handshake(handshake)) }
        redaction.redact(&observations)
        let violation = Violation(.httpAfterUpgrade, "“s3cr3t001q9Zx” stands there", [])
        for number in [2, 1] {
            var later = Observations()
            later.append(
                .finding(
                    Finding(
                        connection: number, connectionID: ConnectionID(rawValue: 1), violation: violation,
                        time: Timestamp(nanoseconds: 0), packet: PacketNumber(1), frame: nil, sender: nil)))
            redaction.redact(&later)
            #expect(PlaceTests.holds(later, "s3cr3t001") == (number == 2))
        }
    }
}
