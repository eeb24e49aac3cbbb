import TapAnalysis
import TapCore
import TapTestSupport
import TapWebSocket
import Testing

@Suite("Streams that Wireshark exported")
struct ExportedStreamTests {
    private static func opened() -> ExportedPieces {
        var pieces = ExportedPieces()
        pieces.add(HandshakeBytes().request.bytes, from: .client)
        pieces.add(HandshakeBytes().response.bytes, from: .server)
        return pieces
    }

    @Test("are read, in whatever records a frame came")
    func records() {
        let long = String(repeating: "long ", count: 60)
        for size in [1, 2, 3, 5, 14, 100, 299, 1_000] {
            var pieces = Self.opened()
            for sender in Sender.allCases {
                pieces.add(pieces.text(long, from: sender), from: sender, recordSize: size)
                pieces.add(pieces.text("again", from: sender), from: sender)
                pieces.add(pieces.text("again", from: sender), from: sender)
            }
            let observed = Observed(pieces.packets)
            #expect(
                observed.verdicts == [.valid] && observed.texts == [long, "again", "again", long, "again", "again"])
            #expect(observed.findings.isEmpty && observed.summary.unread.linkTypes.isEmpty, "\(size)")
        }
    }

    @Test("heads in several records, and a refusal with its body before the switch, are read once")
    func heads() {
        var pieces = ExportedPieces()
        let refusal = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\n"
        pieces.add(HandshakeBytes().request.bytes, from: .client, recordSize: 50)
        pieces.add(Array(refusal.utf8), from: .server, isFinished: false)
        pieces.add(Array("wait".utf8), from: .server)
        pieces.add(HandshakeBytes().request.bytes, from: .client)
        pieces.add(
            HandshakeBytes().response.bytes + pieces.text("at once", from: .server), from: .server, recordSize: 60)
        pieces.add(pieces.text("answer", from: .client), from: .client)
        let observed = Observed(pieces.packets)
        #expect(observed.verdicts == [.refused, .valid] && observed.texts == ["at once", "answer"])
        #expect(observed.ids == [.handshakeRefused])
    }

    @Test("a frame whose rest did not come leaves a hole, and nobody is accused")
    func hole() {
        var pieces = Self.opened()
        pieces.write(Array(pieces.text("lost with its rest", from: .client).prefix(9)), from: .client)
        for number in 1...20 { pieces.add(pieces.text("after the hole \(number)", from: .client), from: .client) }
        let observed = Observed(pieces.packets)
        #expect(observed.texts == (1...20).map { "after the hole \($0)" })
        #expect(
            observed.ids.allSatisfy { $0.rawValue.hasPrefix("capture-") } && observed.ids.contains(.captureBytesMissing)
        )
    }

    @Test("what is no stream of HTTP from its first request on is counted as not read")
    func unread() {
        var pieces = ExportedPieces()
        pieces.write(pieces.text("in the middle", from: .server), from: .server)
        pieces.write(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), from: .client, dissector: "http2")
        let observed = Observed(pieces.packets)
        #expect(observed.handshakes.isEmpty && observed.summary.unread.linkTypes == [.upperPDU: 2])
    }

    @Test("another connection between the same endpoints is not read as frames of the first")
    func reuse() {
        var pieces = Self.opened()
        pieces.add(pieces.text("first", from: .client), from: .client)
        pieces.add(HandshakeBytes().request.bytes, from: .client)
        pieces.add(HandshakeBytes().response.bytes, from: .server)
        let observed = Observed(pieces.packets)
        #expect(observed.texts == ["first"] && observed.findings.isEmpty)
        #expect(observed.summary.unread.linkTypes == [.upperPDU: 2])
    }

    @Test("two streams that begin alike are no copies of each other")
    func copies() {
        var other = ExportedPieces(client: Endpoint("192.0.2.9", 50_000))
        other.add(HandshakeBytes().request.bytes, from: .client)
        other.add(HandshakeBytes().response.bytes, from: .server)
        let observed = Observed(Self.opened().packets + other.packets)
        #expect(observed.verdicts == [.valid, .valid] && !observed.ids.contains(.captureDuplicated))
    }

    @Test("a piece of which the capture holds only a part shows what is missing")
    func cut() {
        var pieces = Self.opened()
        pieces.add(pieces.text("0123456789", from: .server), from: .server)
        pieces.add(pieces.text("whole", from: .server), from: .server)
        for count in 1...11 {
            var packets = pieces.packets
            packets[2] = packets[2].cut(to: packets[2].bytes.count - count)
            let observed = Observed(packets)
            #expect(observed.ids.allSatisfy { $0 == .captureSnaplen || $0.rawValue.hasPrefix("capture-") }, "\(count)")
            #expect(observed.texts.last == "whole" || observed.texts.allSatisfy { "0123456789".hasPrefix($0) })
        }
    }
}

extension ExportedPieces {
    /// A frame, with a masking key of its own where it is the client's.
    fileprivate func text(_ text: String, from sender: Sender) -> [UInt8] {
        let key = 0x37FA_213D &+ UInt32(truncatingIfNeeded: packets.count) &* 0x9E37_79B9
        return FrameBytes(text: text).with { $0.maskingKey = sender == .client ? key : nil }.bytes
    }
}
