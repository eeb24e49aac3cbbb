import TapTestSupport
import TapWebSocket

/// Streams of frames, cut in the middle, with a hole.
enum FrameSeeds {
    static let all = streams.map { name, frames in
        let (places, hole): ([UInt8], [UInt8]) = ([3, 0, 1, 0, 5, 0, 9], [0, 4, 2])
        return (name, places + hole + frames.flatMap(\.bytes))
    }

    private static let key: UInt32 = 0x37FA_213D
    private static let long = String(repeating: "κόσμε 🙂 and so on, ", count: 12)

    private static let streams: [(String, [FrameBytes])] =
        [
            ("text", [FrameBytes(text: "Hello"), FrameBytes(text: long)]),
            ("masked", [FrameBytes(text: "Hello", maskingKey: key), FrameBytes(text: long, maskingKey: key)]),
            ("sixteen-bits", [FrameBytes(.binary, [UInt8](repeating: 0x61, count: 200), maskingKey: key)]),
            ("lengths", [with { $0.lengthForm = .sixteenBits }, with { $0.lengthForm = .sixtyFourBits }]),
            ("impossible", [FrameBytes(.ping), with { $0.statedLength = .max }, FrameBytes(.pong)]),
            ("unfinished", [with { $0.isFinal = false }, FrameBytes(.ping, [1]), with { $0.opcode = 0 }]),
            ("close", [FrameBytes(closing: 1000, "bye"), FrameBytes(.close, [3]), FrameBytes(closing: 999, "\u{7F}")]),
            ("reserved", [with { $0.opcode = 11 }, with { $0.reservedBits = 7 }]),
        ]
        + UTF8Sequences.groups.enumerated().map { index, group in
            ("utf8-\(index)", group.sequences.prefix(4).map { FrameBytes(.text, $0.bytes, maskingKey: key) })
        }

    private static func with(_ change: (inout FrameBytes) -> Void) -> FrameBytes {
        var frame = FrameBytes(text: "Hello")
        change(&frame)
        return frame
    }
}
