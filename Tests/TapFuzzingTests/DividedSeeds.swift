/// Captures of several connections, in whole packets and in fragments.
enum DividedSeeds {
    static let all = scripts.enumerated().map { index, script in
        (script.name, [UInt8(index)] + script.steps.joined())
    }

    private static let scripts: [(name: String, steps: [[UInt8]])] = [
        ("talks", (0..<8).flatMap { upgrade($0, key: $0) } + (0..<8).flatMap(talk) + (0..<8).map { end($0, 0) }),
        ("keys-again", (0..<8).flatMap { upgrade($0, key: $0 & 3) } + (0..<8).flatMap(talk)),
        (
            "silent",
            (0..<4).flatMap { upgrade($0, key: $0) } + [wait(127)] + (2..<6).flatMap(talk) + [wait(100), wait(128)]
        ),
        ("fragments", (0..<4).flatMap { upgrade($0, key: $0, fragment: 5) } + (0..<4).flatMap(talk)),
        ("compressed", (0..<4).flatMap { upgrade($0, key: 8 | $0) } + (0..<4).flatMap(talk) + [end(1, 2), end(2, 1)]),
        ("mishaps", (0..<8).flatMap { upgrade($0, key: $0) + [suffer($0, $0 << 4 | $0)] + talk($0) }),
        ("opened-again", (0..<3).flatMap { upgrade($0, key: 1) + [end($0, 3)] + upgrade($0, key: 2) + talk($0) }),
    ]

    private static func upgrade(_ connection: UInt8, key: UInt8, fragment: UInt8? = nil) -> [[UInt8]] {
        let size = fragment.map { [$0] } ?? []
        let form: UInt8 = fragment == nil ? 0 : 0x40
        return [[0], [1 << 3, key], [2 << 3, key]].map { [connection | form | $0[0]] + $0.dropFirst() + size }
    }

    /// A text of the client, one of the server that is not finished, and bytes that are no frame.
    private static func talk(_ connection: UInt8) -> [[UInt8]] {
        [[0x42] + Array("hi".utf8) + [1], [0xE3] + Array("abc".utf8) + [1], [0x84, 0x81, 2, 0x7F, 0x21]]
            .map { [connection | 3 << 3] + $0 }
    }

    private static func end(_ connection: UInt8, _ kind: UInt8) -> [UInt8] { [connection | 5 << 3, kind] }

    private static func suffer(_ connection: UInt8, _ kind: UInt8) -> [UInt8] { [connection | 6 << 3, kind] }

    private static func wait(_ time: UInt8) -> [UInt8] { [7 << 3, time] }
}
