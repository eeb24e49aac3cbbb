import TapCore
import TapSecurity
import TapTestSupport
import TapWebSocket

extension HardCapture {
    private static let session = SealedSession(0x1301, seed: 21)
    /// Whose secrets protect the handshake: tshark follows no connection without them.
    private static let handshake = SealedSession(0x1301, seed: 22)

    private static func keyLog(_ session: SealedSession, handshake: SealedSession = handshake) -> String {
        let random = Hex.string(self.session.random)
        return [
            ("CLIENT_HANDSHAKE_TRAFFIC_SECRET", handshake.clientSecret),
            ("SERVER_HANDSHAKE_TRAFFIC_SECRET", handshake.serverSecret),
            ("CLIENT_TRAFFIC_SECRET_0", session.clientSecret), ("SERVER_TRAFFIC_SECRET_0", session.serverSecret),
        ].map { "\($0.0) \(random) \(Hex.string($0.1))\n" }.joined()
    }

    /// A conversation of TLS 1.3: each frame has a record of its own, and a segment, which a place names.
    private struct Talk: Sendable {
        var conversation = Conversation(
            client: Endpoint("192.0.2.1", 49_152), server: Endpoint("198.51.100.2", 443))
        /// The segments of the frames, and the frames as lines.
        var places: [Int] = []
        var lines: [String] = []
    }

    private struct TalkWriter {
        private(set) var talk = Talk()
        private let sealers: [Sender: RecordSealer]
        private var numbers: [Sender: UInt64] = [:]

        init() {
            let session = HardCapture.session
            sealers = [.client: session.sealer(ofClient: true), .server: session.sealer(ofClient: false)]
            talk.conversation.handshake()
            let (client, server) = (
                HardCapture.handshake.sealer(ofClient: true), HardCapture.handshake.sealer(ofClient: false)
            )
            let finished: [UInt8] = [20, 0, 0, 32] + [UInt8](repeating: 7, count: 32)
            talk.conversation.send(session.clientHello, from: .client)
            // Encrypted extensions, of which there are none, come before.
            talk.conversation.send(
                session.serverHello + server.record(0, [8, 0, 0, 2, 0, 0] + finished, type: 22), from: .server)
            talk.conversation.send(client.record(0, finished, type: 22), from: .client)
            let upgrade = HandshakeBytes()
            send(upgrade.request.bytes, from: .client)
            send(upgrade.response.bytes, from: .server)
        }

        private mutating func send(_ bytes: [UInt8], from sender: Sender) {
            guard let sealer = sealers[sender] else { return }
            talk.conversation.send(sealer.record(numbers[sender, default: 0], bytes), from: sender)
            numbers[sender, default: 0] += 1
        }

        mutating func finish() {
            talk.conversation.finish(.server)
            talk.conversation.finish(.client)
        }

        mutating func send(_ frame: FrameBytes, from sender: Sender) {
            let key = 0x37FA_213D &+ UInt32(talk.lines.count) &* 0x9E37_79B9
            let frame = frame.with { if sender == .client { $0.maskingKey = key } }
            talk.places.append(talk.conversation.segments.count)
            talk.lines.append(Dialogue.line(1, frame, from: sender))
            send(frame.bytes, from: sender)
        }
    }

    /// Many messages of the server, and a few of the client.
    private static let talk: Talk = {
        var writer = TalkWriter()
        for number in 0..<120 {
            let text = "message \(number) " + String(repeating: "naïve ", count: number % 9)
            writer.send(FrameBytes(text: text), from: number % 6 == 0 ? .client : .server)
        }
        writer.send(FrameBytes(closing: 1000, "bye"), from: .client)
        writer.send(FrameBytes(closing: 1000), from: .server)
        writer.finish()
        return writer.talk
    }()

    private static func file(_ segments: [ScriptedSegment], keys: String, areKeysLast: Bool = false) -> [UInt8] {
        var file = CaptureBuilder.pcapng()
        // The secrets of TLS, by their number in the format of blocks.
        let secrets = { (file: inout CaptureBuilder) in
            file.block(10) {
                let bytes = Array(keys.utf8)
                $0.append(UInt32(0x544C_534B))
                $0.append(UInt32(bytes.count))
                $0.append(bytes + [UInt8](repeating: 0, count: -bytes.count & 3))
            }
        }
        file.interface(resolution: 9)
        if !areKeysLast { secrets(&file) }
        for packet in segments.packets() {
            let record = PacketRecord(packet)
            file.enhancedPacket(ticks: UInt64(record.nanoseconds), as: record)
        }
        if areKeysLast { secrets(&file) }
        return file.bytes
    }

    /// A capture that lacks so many segments of the server from a place on, with their frames.
    private static func lost(_ name: String, _ count: Int, _ tsharkDiffers: String) -> HardCapture {
        let segments = talk.conversation.segments
        let first = talk.places[31]
        let later = segments.indices.filter {
            $0 >= first && segments[$0].sender == .server && !segments[$0].payload.isEmpty
        }
        let lost = Set(later.prefix(count))
        let frames = zip(talk.places, talk.lines).filter { !lost.contains($0.0) }.map(\.1)
        return HardCapture(
            .tls, name,
            file: file(segments.indices.filter { !lost.contains($0) }.map { segments[$0] }, keys: keyLog(session)),
            frames: frames, findings: [.captureBytesMissing], tsharkDiffers: tsharkDiffers)
    }

    /// The same with other segments: one ends in a record's header, and the next is missing.
    private static var lostInHeader: HardCapture {
        var segments = talk.conversation.segments
        let (first, second) = (talk.places[31], talk.places[32])
        let moved = Array(segments[second].payload.prefix(3))
        segments[first].payload += moved
        segments[first].capturedLength += moved.count
        segments.remove(at: second)
        let frames = zip(talk.places, talk.lines).filter { $0.0 != second }.map(\.1)
        return HardCapture(
            .tls, "a segment that is missing, from the middle of a record's header on",
            file: file(segments, keys: keyLog(session)), frames: frames, findings: [.captureBytesMissing],
            tsharkDiffers: afterLoss)
    }

    private static let afterLoss = "it takes the next record that it sees for the one that is missing"

    static var tls: [HardCapture] {
        let segments = talk.conversation.segments
        let late = Array(segments[talk.places[0]...])
        var wrong = HardCapture(
            .tls, "a key that is another one's",
            file: file(
                segments, keys: keyLog(SealedSession(0x1301, seed: 23), handshake: SealedSession(0x1301, seed: 24))),
            frames: [])
        wrong.unread = .wrongKey
        return [
            HardCapture(
                .tls, "a connection of TLS 1.3 and its secrets", file: file(segments, keys: keyLog(session)),
                frames: talk.lines),
            HardCapture(
                .tls, "secrets behind the packets that they are for",
                file: file(segments, keys: keyLog(session), areKeysLast: true), frames: talk.lines,
                tsharkDiffers: "it reads a file once, and decrypts nothing before it has the keys"),
            HardCapture(
                .tls, "frames of a connection whose TLS handshake was not captured",
                file: file(late, keys: keyLog(session)), frames: talk.lines, findings: [.captureMidstream],
                tsharkDiffers: "without the hellos it finds neither keys nor cipher"),
            lost("a segment of TLS that is missing", 1, afterLoss),
            lost("two segments of TLS that are missing", 2, afterLoss),
            lost("fifty segments of TLS that are missing", 50, afterLoss),
            lostInHeader, wrong,
        ]
    }
}
