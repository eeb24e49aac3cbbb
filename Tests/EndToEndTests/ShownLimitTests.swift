import Foundation
import TapTestSupport
import TapWebSocket
import Testing

/// What few bytes on the wire inflate to.
@Suite("What is shown of inflated payloads")
struct ShownLimitTests {
    private static let messages = 20

    /// A capture of some kilobytes in which each message inflates to 300 KB.
    private static func capture(_ payload: [UInt8], isCompressed: Bool) -> Data {
        var conversation = Conversation.upgraded(extensions: "permessage-deflate")
        let deflater = Deflater()
        for _ in 0..<messages {
            let frame =
                isCompressed
                ? FrameBytes(.binary, deflater.message(payload)).compressed : FrameBytes(.binary, payload)
            conversation.send(frame, from: .server)
        }
        return Data(CaptureBuilder.pcap(conversation.segments.packets()).bytes)
    }

    @Test(
        "no more than --max-shown is shown, and a line says how much is left",
        arguments: [["read", "-x"], ["read", "--payload", "full"], ["read", "--messages", "-x"], ["follow"]])
    func limited(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(
            "zeros.pcap", Self.capture([UInt8](repeating: 0, count: 300_000), isCompressed: true))
        let usual = try Wstap.run(arguments + [path])
        #expect(usual.status == 0 && usual.outputBytes.count < Self.messages * 200_000)
        let notes = usual.output.components(separatedBy: "283,616 B more are not shown (--max-shown)").count - 1
        #expect(notes == Self.messages)
        let all = try Wstap.run(arguments + ["--max-shown", "300000", path])
        #expect(all.outputBytes.count > Self.messages * 1_000_000 && !all.output.contains("--max-shown"))
    }

    @Test("what was sent as it is is shown as it is", arguments: [["read", "-x"], ["follow"]])
    func plain(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(
            "plain.pcap", Self.capture([UInt8](repeating: 7, count: 40_000), isCompressed: false))
        let result = try Wstap.run(arguments + [path])
        #expect(result.status == 0 && !result.output.contains("--max-shown"))
        #expect(result.output.components(separatedBy: "00009c30").count - 1 == Self.messages)
    }
}
