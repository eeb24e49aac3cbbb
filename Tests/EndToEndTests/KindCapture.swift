import TapCore
import TapTestSupport
import TapWebSocket

/// A capture with each kind of secret and with innocent texts, in plain frames, compressed ones, fragments, pings and close reasons.
enum KindCapture {
    private static let extensions = "permessage-deflate"

    /// All kinds.
    static let all: [UInt8] = {
        var segments = plain.segments + compressed.segments
        for (index, kind) in closing.enumerated() {
            var conversation = Conversation.upgraded(
                from: UInt16(50_000 + index), HandshakeBytes(key: key(index), protocols: "chat.v1"))
            conversation.close(by: index % 2 == 0 ? .client : .server, 4_000, kind.text)
            segments += conversation.segments
        }
        return CaptureBuilder.pcapng(segments.packets()).bytes
    }()

    /// Connections that are closed with secrets, as they can be played on an interface.
    static func played() -> [UInt8] {
        var segments: [ScriptedSegment] = []
        for (index, kind) in closing.enumerated() {
            var conversation = Conversation.upgraded(
                from: UInt16(50_000 + index), HandshakeBytes(key: key(index), protocols: "chat.v1"))
            conversation.send(text: kind.text, from: .client)
            conversation.close(by: .server, 4_000, kind.text)
            segments += conversation.segments
        }
        return CaptureBuilder.pcap(segments.packets()).bytes
    }

    /// One message with a secret, and with what is one for whoever says so.
    static func own() -> [UInt8] {
        var conversation = Conversation.upgraded()
        conversation.send(text: #"{"customerNumber":"A-77","room":"7","password":"x1"}"#, from: .client)
        return CaptureBuilder.pcapng(conversation.segments.packets()).bytes
    }

    /// The kinds whose secrets stand in a text, as they are or in hexadecimal.
    static func shown(in text: String) -> [SecretKinds.Kind] {
        // All secrets begin in one of a few ways.
        guard beginnings.contains(where: text.contains) else { return [] }
        return SecretKinds.all.filter { forms(of: $0.secret).contains(where: text.contains) }
    }

    private static let beginnings = Set(SecretKinds.all.map { String($0.secret.prefix(6)) }).flatMap(forms)

    /// The same text as it may stand in an output.
    private static func forms(of text: String) -> [String] {
        let hexadecimal = text.utf8.map { String(Int($0) + 0x100, radix: 16).dropFirst() }
        return [text, hexadecimal.joined(), hexadecimal.joined(separator: " ")]
    }

    private static let closing = SecretKinds.all.filter { $0.text.utf8.count <= 120 }.prefix(24)

    private static func key(_ index: Int) -> String {
        HandshakeBytes.key((0..<16).map { UInt8(truncatingIfNeeded: index &* 7 &+ $0) })
    }

    private static var plain: Conversation {
        var handshake = HandshakeBytes(target: "/kinds?token=\(SecretKinds.all[0].secret)")
        for kind in SecretKinds.all where kind.isShape && !kind.text.contains("\n") {
            handshake.request.add("X-Note", kind.text)
        }
        var conversation = Conversation.upgraded(from: 49_200, handshake)
        for (index, kind) in SecretKinds.all.enumerated() {
            conversation.send(text: kind.text, from: .client)
            conversation.send(text: InnocentTexts.all[index % InnocentTexts.all.count], from: .server)
            let bytes = Array(kind.text.utf8)
            conversation.send(FrameBytes(.text, Array(bytes[..<(bytes.count / 2)])).unfinished, from: .server)
            conversation.send(FrameBytes(.continuation, Array(bytes[(bytes.count / 2)...])), from: .server)
            if bytes.count <= 125 { conversation.send(FrameBytes(.ping, bytes), from: .client) }
        }
        return conversation
    }

    private static var compressed: Conversation {
        let handshake = HandshakeBytes(key: key(99), extensions: extensions, chosenExtensions: extensions)
        var conversation = Conversation.upgraded(from: 49_300, handshake)
        let deflater = Deflater()
        for (kind, text) in zip(SecretKinds.all, InnocentTexts.all) {
            let message = deflater.message(Array("\(text)\n\(kind.text)".utf8))
            conversation.send(FrameBytes(.text, message).compressed, from: .server)
        }
        return conversation
    }
}
