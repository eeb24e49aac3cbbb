import TapSubprotocols
import Testing

@Suite("RFB")
struct RFBTests {
    private static let version: [UInt8] = Array("RFB 003.008\n".utf8)
    private static let format: [UInt8] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]

    private static func number(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    private static func rectangle(_ width: UInt8, _ height: UInt8, _ encoding: Int32) -> [UInt8] {
        [0, 0, 0, 0, 0, width, 0, height] + number(UInt32(bitPattern: encoding))
    }

    private static func beginning() -> Talk {
        var talk = Talk("binary")
        talk.server(version)
        talk.client(version)
        talk.server([1, 1])
        talk.client([1])
        talk.server(number(0))
        talk.client([1])
        talk.server([2, 128, 1, 224] + format + number(4) + Array("pier".utf8))
        return talk
    }

    @Test("the beginning, and who answers whom")
    func beginning() {
        let talk = RFBTests.beginning()
        #expect(
            talk.lines == [
                "ProtocolVersion 3.8", "ProtocolVersion 3.8 <-1", "SecurityTypes None", "SecurityType None <-3",
                "SecurityResult OK <-4", "ClientInit", "ServerInit pier <-6",
            ])
        #expect(talk.conversation.recognition?.description == "rfb, by message 1: the server's ProtocolVersion")
    }

    @Test("a password that is refused is secret, and an error with its reason")
    func refusal() {
        var talk = Talk()
        talk.server(RFBTests.version)
        talk.client(RFBTests.version)
        talk.server([2, 2, 16])
        talk.client([2])
        talk.server([UInt8](repeating: 7, count: 16))
        talk.client(Array("sixteen letters!".utf8))
        talk.server(RFBTests.number(1) + RFBTests.number(5) + Array("wrong".utf8))
        talk.server([1, 2, 3])
        #expect(
            talk.lines.suffix(5) == [
                "SecurityTypes VNC Authentication, Tight", "SecurityType VNC Authentication <-3", "Challenge",
                "Response <-5", "SecurityResult failed !wrong <-6",
            ])
        #expect(talk.secrets == ["sixteen letters!"])
        #expect(talk.findings == ["application-error 7"])
    }

    @Test("version 3.3, where the server decides")
    func old() {
        var talk = Talk()
        talk.server(Array("RFB 003.003\n".utf8))
        talk.client(Array("RFB 003.003\n".utf8))
        talk.server(RFBTests.number(1))
        talk.client([0])
        #expect(talk.summaries.suffix(2) == ["SecurityTypes None", "ClientInit exclusive"])
    }

    @Test("several messages in one, and one in several, wherever it is cut", arguments: 0..<80)
    func split(at index: Int) {
        let update =
            [0, 0, 0, 3] + RFBTests.rectangle(2, 2, 0) + [UInt8](repeating: 9, count: 16)
            + RFBTests.rectangle(1, 1, 1) + [0, 0, 0, 0] + RFBTests.rectangle(16, 16, 7) + [0x00, 0x81, 0x01]
            + [UInt8](repeating: 2, count: 129) + [2]
        var talk = RFBTests.beginning()
        talk.server(Array(update[..<index]))
        talk.server(Array(update[index...]))
        #expect(talk.summaries.suffix(2) == ["FramebufferUpdate 3 rectangles", "Bell"])
        #expect(talk.findings.isEmpty)
    }

    @Test("what the client says; keys and the clipboard are secret")
    func client() {
        var talk = RFBTests.beginning()
        talk.client([0, 0, 0, 0] + RFBTests.format + [2, 0, 0, 1] + RFBTests.number(7))
        talk.client([3, 1, 0, 0, 0, 0, 2, 128, 1, 224])
        talk.client([4, 1, 0, 0] + Array("\0\0\0k".utf8) + [5, 1, 0, 3, 0, 4])
        talk.client([6, 0, 0, 0] + RFBTests.number(6) + Array("sec".utf8))
        talk.client(Array("ret".utf8))
        #expect(
            talk.summaries.suffix(7) == [
                "SetPixelFormat 32 bits", "SetEncodings 1", "FramebufferUpdateRequest incremental 640x480+0+0",
                "KeyEvent down", "PointerEvent 3,4 buttons 1", "ClientCutText 6 B", "ClientCutText goes on",
            ])
        #expect(talk.secrets == ["\0\0\0k", "sec", "ret"])
    }

    @Test("behind what is not known, and behind a hole, nothing is shown of that side")
    func unknown() {
        var talk = RFBTests.beginning()
        let count = talk.items.count
        talk.server([0, 0, 0, 1] + RFBTests.rectangle(2, 2, 99) + [2, 2, 2])
        talk.server([2])
        #expect(talk.summaries.dropFirst(count) == ["FramebufferUpdate 1 rectangle"])
        talk.client([5, 0, 0, 3, 0, 4])
        talk.lose(.client)
        talk.client([5, 0, 0, 3, 0, 4])
        #expect(talk.summaries.dropFirst(count) == ["FramebufferUpdate 1 rectangle", "PointerEvent 3,4"])
        #expect(talk.findings.isEmpty)
    }

    @Test(
        "what only begins like it is none",
        arguments: ["RFB 003.008", "RFB 9\n", "RFB 003.008\nhello", "RFB 00x.008\n"])
    func others(text: String) {
        var talk = Talk("binary")
        talk.server(Array(text.utf8))
        talk.client(RFBTests.version)
        #expect(talk.conversation.recognition == nil)
        #expect(talk.items.isEmpty)
    }
}
