import TapTestSupport
import TapWebSocket

/// Section 7: closing.
extension AutobahnCase {
    private static let hello = "Hello World!"

    private static func closing(
        _ number: String, _ name: String, finds findings: [(FindingID, Int)] = [], says messages: [String] = [],
        talk: @escaping @Sendable (inout Fuzzer) -> Void
    ) -> AutobahnCase {
        AutobahnCase(
            number, name, finds: findings, says: messages.map { Array($0.utf8) }, end: .closed, talk: talk)
    }

    private static let behaviour = [
        closing("7.1.1", "a message, then a close", says: [hello]) {
            $0.text(hello)
            $0.close()
        },
        closing("7.1.2", "two closes", finds: [(.frameAfterClose, 2)]) {
            $0.close()
            $0.close()
        },
        closing("7.1.3", "a ping after the close", finds: [(.frameAfterClose, 2)]) {
            $0.close()
            $0.send(FrameBytes(.ping))
        },
        closing("7.1.4", "a text after the close", finds: [(.frameAfterClose, 2)], says: [hello]) {
            $0.close()
            $0.send(FrameBytes(text: hello))
        },
        closing(
            "7.1.5", "a close between two fragments", finds: [(.messageUnfinished, 0), (.frameAfterClose, 3)],
            says: ["fragment1fragment2"]
        ) {
            $0.fragment(.text, "fragment1")
            $0.close()
            $0.fragment(.continuation, "fragment2", isLast: true)
        },
        closing(
            "7.1.6", "256 KB, a text, a close and a ping", finds: [(.frameAfterClose, 4)],
            says: [String(String(repeating: "BAsd7&jh23", count: 26_215).prefix(256 << 10)), hello]
        ) {
            $0.text(String(String(repeating: "BAsd7&jh23", count: 26_215).prefix(256 << 10)))
            $0.text(hello)
            $0.close()
            $0.send(FrameBytes(.ping))
        },
    ]

    private static let bodies = [
        closing("7.3.1", "a close without a body") { $0.send(FrameBytes(.close)) },
        closing("7.3.2", "a close of one byte", finds: [(.closeBodyTooShort, 1)]) {
            $0.send(FrameBytes(.close, [0x61]))
        },
        closing("7.3.3", "a close with a code") { $0.close() },
        closing("7.3.4", "a close with a reason") { $0.close(1000, hello) },
        closing("7.3.5", "a close with the longest reason") { $0.close(1000, String(repeating: "*", count: 123)) },
        closing("7.3.6", "a close with a longer reason", finds: [(.frameControlTooLong, 1)]) {
            $0.close(1000, String(repeating: "*", count: 124))
        },
        closing("7.5.1", "a close whose reason is no UTF-8", finds: [(.closeReasonNotUTF8, 1)]) {
            let reason = Array("κ\u{1F79}σμε".utf8) + [0xED, 0xA0, 0x80] + Array("edited".utf8)
            $0.send(FrameBytes(.close, [0x03, 0xE8] + reason))
        },
    ]

    private static func codes(_ section: Int, _ codes: [UInt16], _ id: FindingID?) -> [AutobahnCase] {
        codes.enumerated().map { index, code in
            closing("7.\(section).\(index + 1)", "a close with \(code)", finds: id.map { [($0, 1)] } ?? []) {
                $0.close(code)
            }
        }
    }

    static let closes =
        behaviour + bodies
        + codes(7, [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999], nil)
        + codes(9, [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999], .closeCodeInvalid)
        + codes(13, [5000, 65_535], .closeCodeInvalid)
}
