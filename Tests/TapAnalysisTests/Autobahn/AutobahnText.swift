import TapTestSupport
import TapWebSocket

/// Section 6: texts, and what is none.
extension AutobahnCase {
    private static let kosme: [UInt8] = Array("κ\u{1F79}σμε".utf8)
    private static let greeting = "Hello-µ@ßöäüàá-UTF-8!!"
    private static let edited: [UInt8] = Array("edited".utf8)

    private static func single(_ bytes: [UInt8]) -> [[UInt8]] { bytes.map { [$0] } }

    private static func notUTF8(
        _ number: String, _ name: String, frame: Int, _ payloads: [[UInt8]]
    ) -> AutobahnCase {
        AutobahnCase(
            number, name, finds: [(.messageNotUTF8, frame)], says: [Array(payloads.joined())], end: .failed(1007)
        ) {
            $0.fragments(.text, payloads)
        }
    }

    private static func chopped(_ number: String, _ name: String, at places: [Int]) -> AutobahnCase {
        AutobahnCase(number, name, finds: [(.messageNotUTF8, 1)], says: [whole], end: .failed(1007)) {
            $0.send(FrameBytes(.text, whole), choppedAt: places)
        }
    }

    private static let whole = kosme + [0xF4, 0x90, 0x80, 0x80] + edited

    static let texts = [
        right("6.1.1", "an empty text", says: [""]) { $0.text("") },
        right("6.1.2", "three empty fragments", says: [""]) { $0.fragments(.text, [[], [], []]) },
        right("6.1.3", "a fragment between two empty ones", says: ["middle frame payload"]) {
            $0.fragments(.text, [[], Array("middle frame payload".utf8), []])
        },
        right("6.2.1", "a text in one frame", says: [greeting]) { $0.text(greeting) },
        right("6.2.2", "a text cut between characters", says: [greeting]) {
            $0.fragments(.text, [Array("Hello-µ@ßöä".utf8), Array("üàá-UTF-8!!".utf8)])
        },
        right("6.2.3", "a text in fragments of one byte", says: [greeting]) {
            $0.fragments(.text, single(Array(greeting.utf8)))
        },
        right("6.2.4", "another text in fragments of one byte", says: ["κ\u{1F79}σμε"]) {
            $0.fragments(.text, single(kosme))
        },
        notUTF8("6.3.1", "a surrogate in one frame", frame: 1, [kosme + [0xED, 0xA0, 0x80] + edited]),
        // The byte before is a start that may still go on well.
        notUTF8(
            "6.3.2", "a surrogate in fragments of one byte", frame: 13, single(kosme + [0xED, 0xA0, 0x80] + edited)),
        notUTF8("6.4.1", "wrong from the second fragment", frame: 2, [kosme, [0xF4, 0x90, 0x80, 0x80], edited]),
        notUTF8(
            "6.4.2", "wrong by the one byte of the second fragment", frame: 2,
            [Array(whole[..<12]), [whole[12]], Array(whole[13...])]),
        chopped("6.4.3", "wrong from the second chop of one frame", at: [11, 15]),
        chopped("6.4.4", "wrong by the one byte of the second chop", at: [12, 13]),
    ]

    /// Cases 6.5 to 6.23: sequences of Markus Kuhn's stress test, each in a frame.
    static let sequences: [AutobahnCase] = UTF8Sequences.groups.enumerated().flatMap { section, group in
        group.sequences.enumerated().map { index, sequence in
            let number = "6.\(section + 5).\(index + 1)"
            guard sequence.isValid else { return notUTF8(number, group.name, frame: 1, [sequence.bytes]) }
            return AutobahnCase(number, group.name, says: [sequence.bytes]) { $0.message(.text, sequence.bytes) }
        }
    }
}
