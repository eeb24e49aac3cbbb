import TapTestSupport
import TapWebSocket

/// Section 5: fragmentation.
extension AutobahnCase {
    private static let two = "fragment1fragment2"
    private static let hello = "Hello, world!"

    private static func twoFragments(_ fuzzer: inout Fuzzer, pinging: Bool = false) {
        fuzzer.fragment(.text, "fragment1")
        if pinging { fuzzer.ping(Array("ping".utf8)) }
        fuzzer.fragment(.continuation, "fragment2", isLast: true)
    }

    /// A continuation of nothing, and a text after it. Where it is not the last, the text comes in the middle.
    private static func nothing(
        _ number: String, isLast: Bool, chop: Int, isTogether: Bool = false, how: String
    ) -> AutobahnCase {
        let findings: [(FindingID, Int)] = [(.frameContinuationUnexpected, 1), (.frameMessageInterrupted, 2)]
        let name = "a continuation of nothing, \(isLast ? "the last" : "not the last"), then a text, \(how)"
        return wrong(number, name, finds: isLast ? [findings[0]] : findings, says: [hello]) {
            $0.chop = chop
            let stray = FrameBytes(.continuation, Array("non-continuation payload".utf8))
            let frames = [isLast ? stray : stray.unfinished, FrameBytes(text: hello)]
            if isTogether { $0.sendTogether(frames) } else { for frame in frames { $0.send(frame) } }
        }
    }

    static let fragmentation = [
        wrong(
            "5.1", "a ping in two fragments", finds: [(.frameControlFragmented, 1), (.frameContinuationUnexpected, 2)]
        ) {
            $0.fragment(.ping, "fragment1")
            $0.fragment(.continuation, "fragment2", isLast: true)
        },
        wrong(
            "5.2", "a pong in two fragments", finds: [(.frameControlFragmented, 1), (.frameContinuationUnexpected, 2)]
        ) {
            $0.fragment(.pong, "fragment1")
            $0.fragment(.continuation, "fragment2", isLast: true)
        },
        right("5.3", "a text in two fragments", says: [two]) { twoFragments(&$0) },
        right("5.4", "the same, in one segment", says: [two]) {
            $0.sendTogether([
                FrameBytes(text: "fragment1").unfinished, FrameBytes(.continuation, Array("fragment2".utf8)),
            ])
        },
        right("5.5", "the same, byte by byte", says: [two]) {
            $0.chop = 1
            twoFragments(&$0)
        },
        right("5.6", "a ping between two fragments", says: [two]) { twoFragments(&$0, pinging: true) },
        right("5.7", "the same, in one segment", says: [two]) {
            $0.sendTogether([
                FrameBytes(text: "fragment1").unfinished, FrameBytes(.ping, Array("ping".utf8)),
                FrameBytes(.continuation, Array("fragment2".utf8)),
            ])
        },
        right("5.8", "the same, byte by byte", says: [two]) {
            $0.chop = 1
            twoFragments(&$0, pinging: true)
        },
        nothing("5.9", isLast: true, chop: 1_460, isTogether: true, how: "in one segment"),
        nothing("5.10", isLast: true, chop: 1_460, how: "frame by frame"),
        nothing("5.11", isLast: true, chop: 1, how: "byte by byte"),
        nothing("5.12", isLast: false, chop: 1_460, isTogether: true, how: "in one segment"),
        nothing("5.13", isLast: false, chop: 1_460, how: "frame by frame"),
        nothing("5.14", isLast: false, chop: 1, how: "byte by byte"),
        wrong(
            "5.15", "a text in two fragments, a continuation of nothing, a text",
            finds: [(.frameContinuationUnexpected, 3), (.frameMessageInterrupted, 4)], says: [two, "fragment4"]
        ) {
            $0.sendTogether([
                FrameBytes(text: "fragment1").unfinished, FrameBytes(.continuation, Array("fragment2".utf8)),
                FrameBytes(.continuation, Array("fragment3".utf8)).unfinished, FrameBytes(text: "fragment4"),
            ])
        },
        wrong(
            "5.16", "twice: a continuation of nothing, not the last, and a text in two fragments",
            finds: [
                (.frameContinuationUnexpected, 1), (.frameMessageInterrupted, 2),
                (.frameContinuationUnexpected, 4), (.frameMessageInterrupted, 5),
            ], says: ["fragment2fragment3", "fragment2fragment3"]
        ) {
            for _ in 0..<2 {
                $0.fragment(.continuation, "fragment1")
                $0.fragment(.text, "fragment2")
                $0.fragment(.continuation, "fragment3", isLast: true)
            }
        },
        wrong(
            "5.17", "twice: a continuation of nothing, the last, and a text in two fragments",
            finds: [(.frameContinuationUnexpected, 1), (.frameContinuationUnexpected, 4)],
            says: ["fragment2fragment3", "fragment2fragment3"]
        ) {
            for _ in 0..<2 {
                $0.fragment(.continuation, "fragment1", isLast: true)
                $0.fragment(.text, "fragment2")
                $0.fragment(.continuation, "fragment3", isLast: true)
            }
        },
        wrong(
            "5.18", "a text in two fragments, each with the opcode of a text", finds: [(.frameMessageInterrupted, 2)],
            says: ["fragment2"]
        ) {
            $0.fragment(.text, "fragment1")
            $0.fragment(.text, "fragment2", isLast: true)
        },
        five("5.19", chop: 1_460),
        five("5.20", chop: 7),
    ]

    private static func five(_ number: String, chop: Int) -> AutobahnCase {
        let fragments = (1...5).map { "fragment\($0)" }
        return right(number, "a text in five fragments with two pings, chops of \(chop)", says: [fragments.joined()]) {
            $0.chop = chop
            for (index, fragment) in fragments.enumerated() {
                if index == 2 || index == 4 { $0.ping(Array("pongme \(index / 2)!".utf8)) }
                $0.fragment(index == 0 ? .text : .continuation, fragment, isLast: index == 4)
            }
        }
    }
}
