import TapAnalysis
import TapCore
import TapHTTP
import TapRedaction
import TapTestSupport
import TapWebSocket
import Testing

/// Each kind of secret in each place of a connection.
@Suite("Places of secrets")
struct PlaceTests {
    /// What is observed of a conversation.
    /// - Parameter limit: bytes that are kept of each payload.
    static func observations(_ conversation: Conversation, upTo limit: Int = 1 << 20) -> Observations {
        var options = AnalysisOptions()
        options.payloadLimit = limit
        (options.observesMessages, options.decodesMessages) = (true, true)
        var analyzer = Analyzer(options: options)
        var all = Observations()
        for packet in conversation.segments.packets() { analyzer.receive(packet.header, packet.bytes.span.bytes) }
        analyzer.finish()
        analyzer.takeObservations(into: &all)
        return all
    }

    /// All bytes and texts that reports can show of them.
    static func shown(_ observations: Observations) -> [[UInt8]] {
        observations.all.flatMap { observation -> [[UInt8]] in
            switch observation {
            case .frame(let frame):
                let notes = frame.application.map { String(reflecting: $0.items) } ?? ""
                return [
                    Array(observations.payload(of: frame)), Array(observations.inflated(of: frame)),
                    Array((frame.close?.reason ?? "").utf8), Array(notes.utf8),
                ]
            case .message(let message):
                let notes = message.application.map { String(reflecting: $0.items) } ?? ""
                return [Array(observations.payload(of: message)), Array(notes.utf8)]
            case .handshake(let handshake):
                let heads = [handshake.request, handshake.response].compactMap { $0 }
                let texts = heads.flatMap { ["\($0.startLine)"] + $0.fields.all.map { "\($0.name): \($0.value)" } }
                let ends = "\(handshake.client) \(handshake.server)"
                return (texts + [ends, String(reflecting: handshake.violations)]).map { Array($0.utf8) }
            case .connection(let connection):
                let ends = "\(connection.client) \(connection.server)"
                let known = String(reflecting: connection.application)
                return [ends, connection.close.body?.reason ?? "", known].map { Array($0.utf8) }
            case .finding(let finding): return [Array(String(reflecting: finding.violation).utf8)]
            case .tls(let connection): return [Array("\(connection.client) \(connection.server)".utf8)]
            }
        }
    }

    static func redacted(_ conversation: Conversation, _ options: Redaction.Options = .init()) -> Observations {
        var observations = observations(conversation)
        var redaction = Redaction(options)
        redaction.redact(&observations)
        return observations
    }

    static func holds(_ observations: Observations, _ text: String) -> Bool {
        shown(observations).contains { $0.firstRange(of: Array(text.utf8)) != nil }
    }

    private static let extensions = "permessage-deflate"

    @Test("in frames, whole and in two, compressed or not, of either kind", arguments: SecretKinds.all)
    func frames(kind: SecretKinds.Kind) throws {
        let bytes = Array(kind.text.utf8)
        let middle = try #require(bytes.firstRange(of: Array(kind.secret.utf8))).lowerBound + 5
        var plain = Conversation.upgraded()
        plain.send(text: kind.text, from: .client)
        plain.send(FrameBytes(.binary, [0] + bytes), from: .server)
        plain.send(FrameBytes(.text, Array(bytes[..<middle])).unfinished, from: .server)
        plain.send(FrameBytes(.continuation, Array(bytes[middle...])), from: .server)
        var compressed = Conversation.upgraded(extensions: Self.extensions)
        let (one, other) = (Deflater(), Deflater())
        compressed.send(FrameBytes(.text, one.message(bytes)).compressed, from: .client)
        let whole = other.message(bytes)
        compressed.send(FrameBytes(.text, Array(whole[..<8])).compressed.unfinished, from: .server)
        compressed.send(FrameBytes(.continuation, Array(whole[8...])), from: .server)
        for conversation in [plain, compressed] {
            #expect(Self.holds(Self.observations(conversation), kind.secret))
            let redacted = Self.redacted(conversation)
            #expect(!Self.holds(redacted, kind.secret) && !Self.holds(redacted, String(kind.secret.dropFirst(5))))
            #expect(!Self.shown(redacted).contains { $0.firstRange(of: Deflater().message(bytes)) != nil })
        }
    }

    @Test("in a payload that is cut within the secret", arguments: SecretKinds.all)
    func cut(kind: SecretKinds.Kind) throws {
        let text = kind.text
        let start = try #require(text.firstRange(of: kind.secret)).lowerBound
        let kept = text[..<start].utf8.count + 12
        var conversation = Conversation.upgraded()
        conversation.send(text: text + String(repeating: " more", count: 9), from: .client)
        var observations = Self.observations(conversation, upTo: kept)
        let part = String(kind.secret.prefix(12))
        guard case .frame(let frame)? = observations.all.first(where: { if case .frame = $0 { true } else { false } })
        else {
            Issue.record("no frame")
            return
        }
        #expect(observations.payload(of: frame).count == kept)
        var redaction = Redaction(.secrets)
        redaction.redact(&observations)
        let isNamed = !Self.holds(observations, part)
        // Its name stands behind it.
        let shown = String(decoding: observations.payload(of: frame), as: UTF8.self)
        #expect(isNamed || text.hasPrefix("{\"value\""), "\(shown)")
    }

    @Test("in pings, pongs and close reasons", arguments: SecretKinds.all.filter { $0.text.utf8.count <= 120 })
    func controlFrames(kind: SecretKinds.Kind) {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.ping, Array(kind.text.utf8)), from: .client)
        conversation.send(FrameBytes(.pong, Array(kind.text.utf8)), from: .server)
        conversation.close(by: .server, 4_000, kind.text)
        #expect(Self.holds(Self.observations(conversation), kind.secret))
        #expect(!Self.holds(Self.redacted(conversation), kind.secret))
    }

    @Test("innocent texts in frames stay as they are, byte by byte")
    func innocent() {
        let texts = InnocentTexts.all.filter { !$0.isEmpty }
        var conversation = Conversation.upgraded(extensions: Self.extensions)
        let deflater = Deflater()
        for text in texts { conversation.send(text: text, from: .client) }
        for text in texts {
            conversation.send(FrameBytes(.text, deflater.message(Array(text.utf8))).compressed, from: .server)
        }
        for text in texts where text.utf8.count <= 120 {
            conversation.send(FrameBytes(.ping, Array(text.utf8)), from: .client)
        }
        let (before, after) = (Self.observations(conversation), Self.redacted(conversation))
        let frames = { (observations: Observations) in
            observations.all.compactMap { observation -> [ArraySlice<UInt8>]? in
                guard case .frame(let frame) = observation else { return nil }
                return [observations.payload(of: frame), observations.inflated(of: frame)]
            }
        }
        #expect(frames(before).count >= 3 * 100 && frames(before) == frames(after))
        #expect(before.all.count == after.all.count)
    }

    @Test("in one frame with a hundred innocent members")
    func amid() throws {
        let members = (0..<100).map { "\"member\($0)\":\"value\($0)\"" }
        let text = "{\(members.joined(separator: ",")),\"password\":\"s3cr3t\",\"last\":1}"
        var conversation = Conversation.upgraded()
        conversation.send(text: text, from: .client)
        let redacted = Self.redacted(conversation)
        #expect(Self.holds(redacted, text.replacing("s3cr3t", with: "******")))
    }

    @Test(
        "MessagePack, CBOR, BSON, user properties of MQTT, and logins behind the name of their mechanism",
        arguments: [
            [0x1A, 0, 0, 0, 2] + Array("password".utf8) + [0, 7, 0, 0, 0] + Array("s3cr3t".utf8) + [0, 0],
            [0x26, 0, 5] + Array("token".utf8) + [0, 6] + Array("s3cr3t".utf8) + [0x26, 0, 1, 0x61, 0, 1, 0x62],
            [1, 5] + Array("PLAIN".utf8) + [0, 0, 0, 11, 0] + Array("ann".utf8) + [0] + Array("s3cr3t".utf8) + [
                5, 0x61,
            ],
            Array("PLAIN".utf8) + [0xA0, 0x30, 0] + Array("ann".utf8) + [0] + Array("s3cr3t".utf8),
            [0x82, 0xA8] + Array("password".utf8) + [0xA6] + Array("s3cr3t".utf8) + [0xA1, 0x61, 0x01],
            [0x81, 0xA6] + Array("tokens".utf8) + [0x92, 0xC4, 6] + Array("s3cr3t".utf8) + [0x01],
            [0xA2, 0x68] + Array("password".utf8) + [0x66] + Array("s3cr3t".utf8) + [0x61, 0x61, 0x01],
            [0xBF, 0x66] + Array("secret".utf8) + [0x9F, 0x46] + Array("s3cr3t".utf8) + [0xFF, 0xFF],
            [0x12, 0x91, 0x81, 0xA8] + Array("password".utf8) + [0xA6] + Array("s3cr3t".utf8),
        ] as [[UInt8]])
    func binary(bytes: [UInt8]) {
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, bytes), from: .client)
        #expect(Self.holds(Self.observations(conversation), "s3cr3t"))
        let redacted = Self.redacted(conversation)
        #expect(!Self.holds(redacted, "s3cr3t") && Self.holds(redacted, "******"))
        #expect(Self.holds(redacted, bytes.contains(0x61) ? "a" : "s"))
    }

    /// Texts as applications encode them in binary frames.
    private static let encodings: [@Sendable (String) -> [UInt8]] = [
        { [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF] + Deflater().part(Array($0.utf8)) },
        { [0x78, 0x9C] + Deflater().part(Array($0.utf8)) },
        { $0.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } },
        { [0xFE, 0xFF] + $0.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] } },
    ]

    @Test("in what an application compressed, and in UTF-16", arguments: 0..<4)
    func encoded(number: Int) {
        let encode = Self.encodings[number]
        let (secret, innocent) = (
            encode(#"{"room":"7","password":"s3cr3tq9Zx"}"#), encode(#"{"room":"7","author":"ann"}"#)
        )
        var conversation = Conversation.upgraded()
        for bytes in [secret, innocent] { conversation.send(FrameBytes(.binary, bytes), from: .client) }
        let payloads = Self.shown(Self.redacted(conversation))
        #expect(payloads.contains(innocent) && !payloads.contains(secret))
        // The last letters of the secret; of what is compressed, the end.
        let hidden = Array(secret.suffix(24).prefix(12))
        #expect(!payloads.contains { $0.firstRange(of: hidden) != nil })
    }

    @Test("what is compressed so much that not all of it is looked at goes as a whole")
    func compressedFar() {
        let bytes = Self.encodings[0](String(repeating: "a", count: 3_000_000))
        var conversation = Conversation.upgraded()
        conversation.send(FrameBytes(.binary, bytes), from: .client)
        #expect(!Self.shown(Self.redacted(conversation)).contains(bytes))
    }

    @Test("how many went is counted once for each, whatever quotes it")
    func count() {
        var conversation = Conversation.upgraded(HandshakeBytes(target: "/chat?token=s3cr3t001"))
        conversation.send(text: #"{"password":"s3cr3t","pin":"1234","room":"7"}"#, from: .client)
        conversation.send(FrameBytes(.text, Array("password=s3c".utf8)).unfinished, from: .server)
        conversation.send(FrameBytes(.continuation, Array("r3t".utf8)), from: .server)
        conversation.close(by: .server, 4_000, "token=s3cr3t")
        var observations = Self.observations(conversation)
        var redaction = Redaction(.secrets)
        redaction.redact(&observations)
        // The answer of the client repeats the reason.
        #expect(redaction.count == 6 || redaction.count == 5, "\(redaction.count)")
    }
}
